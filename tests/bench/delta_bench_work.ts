/**
 * This library doing one task of the Delta bench: prints wall and CPU seconds per run and the result as JSON.
 * The arguments are those of delta_bench_peer.py.
 */

import { Buffer } from "node:buffer";
import process from "node:process";
import pl from "nodejs-polars";
import { arrow } from "../../lib/packages/arrow.ts";
import {
  LocalStore,
  mergeInto,
  openTable,
  optimizeTable,
  parsePredicate,
  scanTable,
} from "../../lib/delta/mod.ts";
import { appendOneByOne, LIVE } from "./delta_bench_tables.ts";

const TASKS: Readonly<Record<string, (path: string, changes: string) => Promise<number>>> = {
  open: async (path) => (await openBench(path)).snapshot.version,
  append: appendOneByOne,
  flush: flushFiles,
  read: async (path) => await countRows(path),
  "read pruned": async (path) =>
    await countRows(path, "departureDate = date '2025-01-08' and trainNumber < 50"),
  merge: mergeChanges,
  optimize: async (path) => (await optimizeTable(await openBench(path))).filesRemoved,
};

// The peer has imported its packages too before the first second is counted.
const packages = [pl.DataFrame, arrow.Table];
if (packages.includes(undefined as never)) throw new TypeError("polars or Arrow did not load");
const [task = "", path = "", runs = "1", changes = ""] = Deno.args;
const work = TASKS[task];
if (work === undefined) throw new TypeError(`Cannot do "${task}": expected ${Object.keys(TASKS).join(", ")}`);
const seconds: number[] = [];
const cpuSeconds: number[] = [];
let result = 0;
for (let run = 0; run < Number(runs); run++) {
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  result = await work(path, changes);
  seconds.push((performance.now() - start) / 1000);
  const { user, system } = process.cpuUsage(cpuStart);
  cpuSeconds.push((user + system) / 1e6);
  // polars gives memory back only when the event loop turns.
  await new Promise((resolve) => setTimeout(resolve));
}
console.log(JSON.stringify({ seconds, cpuSeconds, result }));

async function openBench(path: string): ReturnType<typeof openTable> {
  return await openTable(new LocalStore(path), LIVE);
}

/** What an append asks of the disk, and nothing else: each of two files written, flushed, linked, its folder flushed. */
function flushFiles(path: string): Promise<number> {
  const folders = [path, `${path}/_delta_log`];
  folders.forEach((folder) => Deno.mkdirSync(folder, { recursive: true }));
  const bytes = new Uint8Array(1000);
  for (let number = 0; number < 1000; number++) {
    for (const folder of folders) writeFlushed(folder, `${number}`, bytes);
  }
  return Promise.resolve(1000);
}

function writeFlushed(folder: string, name: string, bytes: Uint8Array): void {
  const temporary = `${folder}/.temporary`;
  using file = Deno.openSync(temporary, { write: true, createNew: true });
  file.writeSync(bytes);
  file.syncSync();
  Deno.linkSync(temporary, `${folder}/${name}`);
  Deno.removeSync(temporary);
  using directory = Deno.openSync(folder);
  directory.syncSync();
}

// All rows are in memory at once, in pieces of a file each, as the peer has them.
async function countRows(path: string, where?: string): Promise<number> {
  const table = await openBench(path);
  const predicate = where === undefined ? undefined : parsePredicate(where, table.snapshot.schema);
  return pl.concat(await Array.fromAsync(scanTable(table, { where: predicate })), { how: "vertical" }).height;
}

async function mergeChanges(path: string, changes: string): Promise<number> {
  const source = pl.readParquet(Buffer.from(await Deno.readFile(`${changes}/changes.parquet`)));
  await mergeInto(await openBench(path), source, {
    on: ["departureDate", "trainTravelId"],
    whenMatched: [{ action: "update" }],
    whenNotMatched: [{}],
  });
  return source.height;
}
