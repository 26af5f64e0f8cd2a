// Has a case open until its standard input ends: node open.mjs PACKAGE CASE READ_ONLY|READ_WRITE
const [, , name, path, mode] = process.argv;
const { DuckDBInstance } = await import(name);
try {
  const connection = await (await DuckDBInstance.create(path, { access_mode: mode })).connect();
  await connection.run('SELECT 1');
  console.log('open');
  process.stdin.on('end', () => process.exit(0)).resume();
} catch (error) {
  console.log(error.message);
  process.exit(1);
}
