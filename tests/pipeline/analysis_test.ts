/** The analysis tables follow the standard table, whatever came in which order, and whoever has written to it. */
import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FileFacts } from "../../lib/analysis/file_facts.ts";
import { updateAnalysis } from "../../lib/analysis/update_analysis.ts";
import { analyseLake } from "../../lib/pipeline/analysis/analyse_lake.ts";
import type { Message } from "../../lib/broker/broker.ts";
import {
  deleteRows,
  gatherColumns,
  longsOf,
  MemoryStore,
  openTable,
  parsePredicate,
} from "../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { openAnalysis } from "../../lib/tables/lake.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { gatedStore } from "./gated_store.ts";
import { FIRST_ROUND_MS } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf } from "./process_rig.ts";
import { readAnalysis } from "./table_content.ts";

let names = 0;
const CONTEXT = {
  clock: () => FIRST_ROUND_MS,
  ids: () => `test-${names++}`,
  backoff: () => Promise.resolve(),
};
const TRAINS = [...simulateTrains({ seed: 9, trains: 8, trainsPerDay: 5, atMs: FIRST_ROUND_MS })];

/** Each train in three versions: re-timed by minutes, then cut short, cancelled, deleted, or with other actual times. */
function messages(): readonly Message[] {
  return TRAINS.flatMap((train, index) =>
    [0, 1, 2].map((version): Message => {
      const timeTableRows = train.timeTableRows.map((row, at) => ({
        ...row,
        scheduledTime: later(row.scheduledTime, version === 1 ? 180 : 0),
        actualTime: at < 12 * version ? later(row.scheduledTime, 31 * at - 60) : undefined,
        cancelled: version === 2 && index % 3 === 0 && at > 10,
        commercialTrack: (at + index) % (version + 3) === 0 ? "12" : row.commercialTrack,
      }));
      const fate = version === 2 ? { cancelled: index % 4 === 1, deleted: index % 5 === 1 } : {};
      const value = JSON.stringify({ ...train, ...fate, version: train.version + version, timeTableRows });
      return { key: `${train.trainNumber}`, value: new TextEncoder().encode(value), headers: {} };
    })
  );
}

function later(time: string, seconds: number): string {
  return new Date(Date.parse(time) + seconds * 1000).toISOString();
}

/** In any order, in one to four runs, in batches of any size. */
async function ingested(random: Random): Promise<StoreOf> {
  const folder = memoryFolder();
  const shuffled = messages().map((message) => [random(), message] as const).sort(([a], [b]) => a - b);
  await using broker = await brokerWith([], 2);
  for (let at = 0; at < shuffled.length;) {
    const size = 1 + Math.floor(random() * shuffled.length);
    await broker.publish("trains", shuffled.slice(at, at += size).map(([, message]) => message));
    const sizes = { chunkBytes: 5_000 + random() * 2e5, maxBatchBytes: 20_000 + random() * 1e6 };
    await runProcess({ broker, storeOf: folder, ...sizes });
  }
  return folder;
}

/** What the tables are when they are worked out of the standard table and of all messages at once. */
async function rebuilt(folder: StoreOf): Promise<readonly string[]> {
  const anew = memoryFolder();
  const analysis: ReadonlySet<string> = new Set(Object.values(ANALYSIS_PATHS));
  await analyse((path) => analysis.has(path) ? anew(path) : folder(path));
  return await readAnalysis(anew);
}

async function analyse(storeOf: StoreOf, isRebuild = false): Promise<number> {
  const { signal } = new AbortController();
  const { dates } = await analyseLake({
    ...{ storeOf, context: CONTEXT, signal, isRebuild },
    releaseMemory: () => Promise.resolve(),
  });
  return dates;
}

async function inputOf(folder: StoreOf) {
  const standard = await openTable(folder(TABLE_PATHS.standard), CONTEXT);
  return { standard, analysis: await openAnalysis(folder, CONTEXT) };
}

async function update(input: Awaited<ReturnType<typeof inputOf>>, isRebuild = false): Promise<number> {
  const { signal } = new AbortController();
  return await updateAnalysis(input, {
    ...{ facts: new FileFacts({ legLimit: 100 }), signal, isRebuild },
    releaseMemory: () => Promise.resolve(),
  });
}

Deno.test("the same messages in any order and any batches give the same tables, which are those that are rebuilt", async () => {
  const random = seededRandom(31);
  const expected = await readAnalysis(await ingested(random));
  assert(expected.length > 200);
  for (let round = 0; round < 2; round++) {
    const folder = await ingested(random);
    assertEquals(await readAnalysis(folder), expected);
    assertEquals(await rebuilt(folder), expected);
  }
  assert(expected.some((row) => /"trackChanged(?:Arrivals|Departures)":[1-9]/.test(row)));
});

Deno.test("a run without news writes nothing to them, and each says which standard version it is of", async () => {
  const folder = memoryFolder();
  await using broker = await brokerWith(messages(), 2);
  await runProcess({ broker, storeOf: folder });
  const { standard, analysis } = await inputOf(folder);
  const versions = () =>
    Promise.all(Object.values(analysis).map(async (table) => (await table.update()).version));
  const before = await versions();
  await runProcess({ broker, storeOf: folder });
  assertEquals(await update({ standard, analysis }), 0);
  assertEquals(await versions(), before);
  for (const [name, { snapshot }] of Object.entries(analysis)) {
    const version = snapshot.txns.get(`${name}/${standard.snapshot.metadata.id}`)?.version;
    assertEquals(version, BigInt(standard.snapshot.version));
  }
});

/** One train a day, day after day, as a backlog brings them. */
async function backlog(days: number): Promise<Awaited<ReturnType<typeof brokerWith>>> {
  const trains = [...simulateTrains({ seed: 9, trains: days, trainsPerDay: 1, atMs: FIRST_ROUND_MS })];
  return await brokerWith(trains.map((train): Message => ({
    key: `${train.trainNumber}`,
    value: new TextEncoder().encode(JSON.stringify(train)),
    headers: {},
  })));
}

const BATCH_A_DAY = { chunkBytes: 1, maxBatchBytes: 1 };

Deno.test("dates that a backlog has left behind are worked out while its next batch is on its way", async () => {
  await using broker = await backlog(30);
  const folder = memoryFolder();
  await runProcess({ broker, storeOf: folder, ...BATCH_A_DAY });
  const { analysis } = await inputOf(folder);
  for (const { snapshot } of Object.values(analysis)) {
    assert(snapshot.version > 2, `${snapshot.version} commits`);
    assertEquals(snapshot.files.size, 30);
  }
  assertEquals(await readAnalysis(folder), await rebuilt(folder));
});

Deno.test("a date that cannot be written beside the batches fails the run, and the next one finds it", async () => {
  await using broker = await backlog(30);
  const folder = memoryFolder();
  let commits = 0;
  const failing: StoreOf = (path) =>
    gatedStore(folder(path), ({ operation, path: file, when }) => {
      if (path !== ANALYSIS_PATHS.leg_delays || when !== "before" || operation !== "putIfAbsent") return;
      if (file.endsWith(".json") && ++commits === 2) throw new Error("the disk is gone");
    });
  const error = await assertRejects(() => runProcess({ broker, storeOf: failing, ...BATCH_A_DAY }));
  assertStringIncludes(String(error) + String((error as Error).cause), "the disk is gone");
  await runProcess({ broker, storeOf: folder });
  assertEquals(await readAnalysis(folder), await rebuilt(folder));
});

Deno.test("they are at the standard table when process ends, also when it has rewritten its small files", async () => {
  const folder = memoryFolder();
  const trains = [...simulateTrains({ seed: 9, trains: 33, trainsPerDay: 33, atMs: FIRST_ROUND_MS })];
  const log = trains.map((train): Message => ({
    ...{
      key: `${train.trainNumber}`,
      value: new TextEncoder().encode(JSON.stringify({ ...train, departureDate: "2025-02-17" })),
      headers: {},
    },
  }));
  await using broker = await brokerWith(log);
  await runProcess({ broker, storeOf: folder, chunkBytes: 1, maxBatchBytes: 1 });
  const input = await inputOf(folder);
  const { files } = input.standard.snapshot;
  assert(files.size < 32);
  assertEquals(await update(input), 0);
});

Deno.test("a process that knows an older standard table leaves alone what another made of a newer one", async () => {
  const folder = memoryFolder();
  await using broker = await brokerWith(messages().slice(0, 20), 2);
  await runProcess({ broker, storeOf: folder });
  const older = await inputOf(folder);
  await broker.publish("trains", messages().slice(20));
  await runProcess({ broker, storeOf: folder });
  const expected = await readAnalysis(folder);
  // The first attempt is made against the version that it knows, and loses.
  await update(older);
  assertEquals(await readAnalysis(folder), expected);
  assertEquals(await rebuilt(folder), expected);
});

Deno.test("several that work at once, some of them on all dates, leave each date once", async () => {
  const folder = memoryFolder();
  await using broker = await brokerWith(messages().slice(0, 20), 2);
  await runProcess({ broker, storeOf: folder });
  const older = await inputOf(folder);
  await broker.publish("trains", messages().slice(20));
  const inputs = await Promise.all([1, 2, 3].map(() => inputOf(folder)));
  await Promise.all([
    runProcess({ broker, storeOf: folder, maxBatchBytes: 20_000 }),
    ...[older, ...inputs].map((input, at) => update(input, at % 2 === 0)),
  ]);
  await update(await inputOf(folder));
  assertEquals(await readAnalysis(folder), await rebuilt(folder));
});

Deno.test("a table that is deleted comes back with the next run", async () => {
  const folder = await ingested(seededRandom(33));
  const expected = await readAnalysis(folder);
  const lost = new MemoryStore({ label: "new" });
  const without: StoreOf = (path) => path === ANALYSIS_PATHS.leg_delays ? lost : folder(path);
  const input = await inputOf(without);
  assert(await update(input) > 0);
  assertEquals(await readAnalysis(without), expected);
});

Deno.test("rows that another engine rearranges change nothing, and rows that it deletes are gone", async () => {
  const folder = await ingested(seededRandom(34));
  const expected = await readAnalysis(folder);
  const table = await openTable(folder(TABLE_PATHS.standard), CONTEXT);
  const [add] = table.snapshot.files.values();
  const columns = add && await table.readColumns(add);
  assert(add !== undefined && columns !== undefined && columns.trainNumber?.kind === "int64");
  // Every other row into another file, so that trains lie in both, from the last row to the first.
  const rows = [...longsOf(columns.trainNumber).keys()].reverse();
  const halves = [0, 1].map((half) => rows.filter((row) => row % 2 === half));
  const adds = await Promise.all(halves.map((some) => {
    const mine = gatherColumns(some.map((from) => ({ columns, from, to: from + 1 })));
    return table.stageColumns(mine, { partitionValues: add.partitionValues });
  }));
  await table.commit({
    ...{ readSnapshot: table.snapshot, operation: "OPTIMIZE", adds, removes: [add], dataChange: false },
    reads: { matches: () => false },
  });
  const input = await inputOf(folder);
  assertEquals(await update(input), 1);
  assertEquals(await readAnalysis(folder), expected);
  const date = add.partitionValues.departureDate ?? "";
  await deleteRows(input.standard, parsePredicate(`departureDate = '${date}'`, table.snapshot.schema));
  assertEquals(await update(input), 1);
  const left = await readAnalysis(folder);
  assertNotEquals(left, expected);
  assertEquals(left, await rebuilt(folder));
  assertEquals(
    [...input.analysis.train_runs.snapshot.files.values()].some((each) =>
      each.partitionValues.departureDate === date
    ),
    false,
  );
});
