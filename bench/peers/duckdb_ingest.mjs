// Loads a CSV file into a fresh DuckDB file on disk, the way its documentation shows, and prints one JSON object.
// node duckdb_ingest.mjs FILE.csv[.gz] DATABASE
import { existsSync, statSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [file, database] = process.argv.slice(2);
if (!file || !database || existsSync(database)) {
  console.error('Usage: node duckdb_ingest.mjs FILE.csv[.gz] DATABASE, where DATABASE does not exist yet.');
  process.exit(2);
}

const began = process.hrtime.bigint();
const instance = await DuckDBInstance.create(database);
const connection = await instance.connect();
await connection.run(`create table bill as select * from read_csv('${file.replaceAll("'", "''")}')`);
await connection.run('checkpoint');
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const reader = await connection.runAndReadAll('select count(*) as n, typeof(any_value(BilledCost)) as t, version() as v from bill');
const [rows, costType, version] = reader.getRows()[0];
connection.closeSync();
instance.closeSync();

const used = process.resourceUsage();
console.log(JSON.stringify({
  peer: 'duckdb',
  version,
  rows: Number(rows),
  costType,
  seconds,
  cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1e6,
  peakMegabytes: used.maxRSS / 1024,
  databaseBytes: statSync(database).size,
}));
