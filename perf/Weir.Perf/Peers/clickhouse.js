// clickhouse.js load FILE FOLDER   a CSV file into a MergeTree table d.t of a new session folder
// clickhouse.js hold FOLDER        what the table holds, as JSON: see Compare/Holding.cs
const { Session } = require('chdb');
const [, , verb, ...args] = process.argv;
const text = s => `'${s.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;

if (verb === 'load') {
  const session = new Session(args[1]);
  session.query('CREATE DATABASE IF NOT EXISTS d');
  session.query(`CREATE TABLE d.t ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file(${text(args[0])}, 'CSVWithNames') SETTINGS max_threads = 2, max_insert_threads = 2`);
} else {
  const session = new Session(args[0]);
  const columns = JSON.parse(session.query('SELECT name, type FROM system.columns WHERE database = \'d\' AND table = \'t\' ORDER BY position', 'JSON')).data;
  const name = c => '`' + c.replace(/`/g, '``') + '`';
  const figures = columns.map(c => c.type.includes('String')
    ? `[toInt64(countIf(ifNull(${name(c.name)}, '') != '')), toInt64(sum(length(ifNull(${name(c.name)}, ''))))]`
    : `[toInt64(countIf(${name(c.name)} IS NOT NULL)), -1]`);
  const told = JSON.parse(session.query(`SELECT toString(count()) AS n, [${figures.join(', ')}] AS f FROM d.t`, 'JSONCompact')).data[0];
  console.log(JSON.stringify({
    Rows: Number(told[0]),
    Columns: Object.fromEntries(columns.map((c, i) => [c.name, { Filled: Number(told[1][i][0]), Bytes: told[1][i][1] < 0 ? null : Number(told[1][i][1]), Characters: null }])),
  }));
}
