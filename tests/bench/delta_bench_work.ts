/**
 * This library doing one task of the Delta bench: prints wall and CPU seconds per run, result and peak memory as JSON.
 * The arguments are those of delta_bench_peer.py.
 */

import { Buffer } from "node:buffer";
import process from "node:process";
import pl from "nodejs-polars";
import {
  appendFrame,
  checkpointIfDue,
  createTable,
  LocalStore,
  mergeInto,
  openTable,
  optimizeTable,
  parsePredicate,
  scanTable,
  tableSchema,
} from "../../lib/delta/mod.ts";
import { LIVE } from "./delta_bench_tables.ts";

const TASKS: Readonly<Record<string, (path: string, changes: string) => Promise<number>>> = {
  open: async (path) => (await openBench(path)).snapshot.version,
  append: appendOneByOne,
  read: async (path) => await countRows(path),
  "read pruned": async (path) =>
    await countRows(path, "departureDate = date '2025-01-08' and trainNumber < 50"),
  merge: mergeChanges,
  optimize: async (path) => (await optimizeTable(await openBench(path))).filesRemoved,
};

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
console.log(
  JSON.stringify({ seconds, cpuSeconds, result, peakBytes: process.resourceUsage().maxRSS * 1024 }),
);

async function openBench(path: string): ReturnType<typeof openTable> {
  return await openTable(new LocalStore(path), LIVE);
}

async function appendOneByOne(path: string): Promise<number> {
  const schema = tableSchema({ id: "long", text: "string" });
  const configuration = { "delta.checkpointInterval": "100" };
  const table = await createTable(new LocalStore(path), { schema, configuration }, LIVE);
  for (let number = 0; number < 1000; number++) {
    const frame = pl.DataFrame({ id: [number], text: [`row ${number}`] }).withColumns(
      pl.col("id").cast(pl.Int64),
    );
    await appendFrame(table, frame);
    await checkpointIfDue(table);
  }
  return table.snapshot.version;
}

// All rows are in memory at once, as the peer has them.
async function countRows(path: string, where?: string): Promise<number> {
  const table = await openBench(path);
  const predicate = where === undefined ? undefined : parsePredicate(where, table.snapshot.schema);
  return pl.concat(await Array.fromAsync(scanTable(table, { where: predicate }))).height;
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
