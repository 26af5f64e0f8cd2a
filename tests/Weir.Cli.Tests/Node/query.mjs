// Runs statements one after the other on one connection and prints every cell as DuckDB's text: node query.mjs PACKAGE CASE STATEMENTS.json VALUES.json
import { readFileSync } from 'node:fs';
const [, , name, path, statements, values] = process.argv;
const { DuckDBInstance } = await import(name);
const connection = await (await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' })).connect();
const bound = JSON.parse(readFileSync(values, 'utf8'));
const results = [];
for (const sql of JSON.parse(readFileSync(statements, 'utf8'))) {
  try {
    const asks = !/^\s*(SET|INSTALL|LOAD)\b/i.test(sql);
    const prepared = await connection.prepare(asks ? `SELECT COLUMNS(*)::VARCHAR FROM (${sql})` : sql);
    for (const [key, value] of Object.entries(bound))
      if (sql.includes('$' + key)) prepared.bindVarchar(prepared.parameterIndex(key), value);
    const reader = await prepared.runAndReadAll();
    results.push({ columns: asks ? reader.columnNames() : [], rows: asks ? reader.getRows() : [] });
  } catch (error) {
    console.error(`${error.message}\nin: ${sql}`);
    process.exit(1);
  }
}
console.log(JSON.stringify(results));
