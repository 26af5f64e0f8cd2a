// polars.js FILE PARQUET   a CSV file, every column as text, streamed into a Parquet file
const pl = require('nodejs-polars').default;
const [, , file, parquet] = process.argv;

(async () => {
  const sink = pl.scanCSV(file, { inferSchemaLength: 0, hasHeader: true }).sinkParquet(parquet, { compression: 'zstd', maintainOrder: false });
  await (sink && sink.collect ? sink.collect() : sink);
})().catch(e => { console.error(e); process.exit(1); });
