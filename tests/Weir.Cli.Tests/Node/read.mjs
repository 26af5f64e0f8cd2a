// Reads every row of every table and view of a case: node read.mjs PACKAGE CASE
const [, , name, path] = process.argv;
const { DuckDBInstance } = await import(name);
const connection = await (await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' })).connect();
const rows = async (sql) => (await connection.runAndReadAll(sql)).getRows();
for (const [schema, table] of await rows("SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('main', 'weir') ORDER BY ALL")) {
  const quoted = `"${schema}"."${table.replaceAll('"', '""')}"`;
  const [[count, cells]] = await rows(`SELECT count(*), count(t::VARCHAR) FROM ${quoted} t`);
  await rows(`SELECT * FROM ${quoted} LIMIT 500`);
  console.log(`${schema}.${table} ${count} ${cells}`);
}
