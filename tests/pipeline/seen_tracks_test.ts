/** Which tracks a train was said to stand on, and where that changed: by a naive model that looks at all messages of a log. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { createTable, openTable, tableSchema } from "../../lib/delta/mod.ts";
import { analyseLake } from "../../lib/pipeline/analysis/analyse_lake.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { ANALYSIS_PARTITION, ANALYSIS_SCHEMAS } from "../../lib/tables/analysis_schemas.ts";
import { ANALYSIS_PATHS } from "../../lib/tables/table_paths.ts";
import { rounds } from "../rounds.ts";
import { FIRST_ROUND_MS, trainMessage } from "./made_up_log.ts";
import { mortal, untilDeath } from "./mortal_stores.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import { processStrictly, replayAll } from "./strict_process.ts";

const CONTEXT = {
  clock: () => FIRST_ROUND_MS,
  ids: () => crypto.randomUUID(),
  backoff: () => Promise.resolve(),
};
/** Each comes to its second station again at its end. */
const TRAINS = [...simulateTrains({ seed: 5, trains: 6, trainsPerDay: 2, atMs: FIRST_ROUND_MS })].map(
  (train) => {
    const rows = train.timeTableRows.slice(0, 6);
    const again = rows[1]?.stationShortCode ?? "";
    const timeTableRows = rows.map((row, at) => ({
      ...row,
      ...{ trainStopping: true, stationShortCode: at === 5 ? again : row.stationShortCode },
    }));
    return { ...train, timeTableRows };
  },
);

interface Row {
  readonly stationShortCode: string;
  readonly type: string;
  readonly commercialTrack?: string | undefined;
}

interface Train {
  readonly departureDate: string;
  readonly trainNumber: number;
  readonly version: number;
  readonly timeTableRows: readonly Row[];
}

/** Versions rise, fall and come again; tracks are named, other ones, or none; the end of a route may be missing. */
function someTrains(random: Random, count: number): readonly Train[] {
  const below = (most: number) => Math.floor(random() * most);
  return Array.from({ length: count }, () => {
    const train = TRAINS[below(TRAINS.length)];
    assert(train !== undefined);
    const rows = train.timeTableRows.slice(0, random() < 0.2 ? 4 : 6);
    const timeTableRows = rows.map((row) => ({
      ...row,
      commercialTrack: random() < 0.8 ? "1" : [undefined, "", "2", "002"][below(4)],
    }));
    return { ...train, version: 1 + below(9), timeTableRows };
  });
}

const messageOf = (train: Train): Message =>
  trainMessage(train as unknown as Record<string, unknown>, FIRST_ROUND_MS);

/** Per train all texts that its messages give, each once. */
function naive(trains: readonly Train[]): readonly string[] {
  return [...Map.groupBy(trains, ({ departureDate, trainNumber }) => `${departureDate}/${trainNumber}`)].map(
    ([key, mine]) => `${key} ${[...new Set(mine.flatMap(textsOf))].sort().join(", ")}`,
  ).sort();
}

function textsOf({ timeTableRows }: Train): readonly string[] {
  return timeTableRows.flatMap(({ stationShortCode, type, commercialTrack }, at) => {
    const visit = timeTableRows.slice(0, at + 1).filter((row) =>
      row.stationShortCode === stationShortCode && row.type === type
    ).length;
    const name = `${stationShortCode} ${type}${visit > 1 ? ` (${visit})` : ""}`;
    return commercialTrack ? [`${name}: ${commercialTrack}`] : [];
  });
}

async function rowsOf(folder: StoreOf, path: string) {
  const table = await openTable(folder(path), CONTEXT);
  return (await Promise.all([...table.snapshot.files.values()].map((add) => table.readRows(add)))).flat();
}

async function tracksOf(folder: StoreOf): Promise<readonly string[]> {
  const rows = await rowsOf(folder, ANALYSIS_PATHS.train_runs);
  return rows.map(({ departureDate, trainNumber, tracks }) =>
    `${departureDate}/${trainNumber} ${(tracks as readonly string[]).join(", ")}`
  ).sort();
}

/** What the stations have: all of it is told by `train_runs`, and by the length of the routes. */
async function changesOf(folder: StoreOf): Promise<number> {
  const rows = await rowsOf(folder, ANALYSIS_PATHS.station_days);
  return rows.reduce(
    (sum, row) => sum + Number(row.trackChangedArrivals) + Number(row.trackChangedDepartures),
    0,
  );
}

async function analyse(storeOf: StoreOf, isRebuild = false): Promise<void> {
  const { signal } = new AbortController(), releaseMemory = () => Promise.resolve();
  await analyseLake({ storeOf, context: CONTEXT, signal, releaseMemory, isRebuild });
}

Deno.test("they are all that any message has named, whatever dies in between and whoever works it out", async () => {
  for (let seed = 1; seed <= rounds(8); seed++) {
    const random = seededRandom(seed, 12), told: Train[] = [], folder = memoryFolder();
    await using broker = await brokerWith([], 2);
    for (let phase = 0; phase < 4; phase++) {
      const trains = someTrains(random, 1 + Math.floor(random() * 25));
      told.push(...trains);
      await broker.publish(TOPIC, trains.map(messageOf));
      const sizes = { chunkBytes: 3000, maxBatchBytes: 3000 + random() * 20_000 };
      const { storeOf } = mortal(folder, phase > 0 && random() < 0.6 ? Math.floor(random() * 200) : Infinity);
      await untilDeath(runProcess({ broker, storeOf, ...sizes, name: `${seed}-${phase}` }));
      if (random() < 0.2) await analyse(folder, random() < 0.5);
    }
    await runProcess({ broker, storeOf: folder, name: `${seed}-end` });
    assertEquals([seed, ...await tracksOf(folder)], [seed, ...naive(told)]);
    const changes = await changesOf(folder);
    assert(changes > 0);
    await analyse(folder, true);
    assertEquals([seed, await changesOf(folder)], [seed, changes]);
  }
});

Deno.test("a stale message that names another track changes what the station says, though no train is newer", async () => {
  const folder = memoryFolder(), train = TRAINS[0];
  assert(train !== undefined);
  await using broker = await brokerWith([], 2);
  const found: number[] = [];
  // The last one is the newest again, word by word.
  for (const [version, track] of [[5, "1"], [6, "1"], [4, "7"], [3, "7"], [6, "1"]] as const) {
    const timeTableRows = train.timeTableRows.map((row, at) => ({
      ...row,
      commercialTrack: at === 2 ? track : "1",
    }));
    await broker.publish(TOPIC, [messageOf({ ...train, version, timeTableRows })]);
    await runProcess({ broker, storeOf: folder, name: `${found.length}` });
    found.push(await changesOf(folder));
  }
  assertEquals(found, [0, 0, 1, 1, 1]);
});

Deno.test("messages in quarantine name none, and do when they are released", async () => {
  const folder = memoryFolder(), trains = someTrains(seededRandom(3, 12), 40);
  await using broker = await brokerWith(trains.map(messageOf), 2);
  await processStrictly(broker, folder, ({ offset }) => offset % 2n === 0n ? "out_of_range" : undefined);
  await runProcess({ broker, storeOf: folder, name: "after" });
  const some = await tracksOf(folder);
  await analyse(folder, true);
  assertEquals(await tracksOf(folder), some);
  await replayAll(folder, {});
  const all = await tracksOf(folder);
  assertEquals(all, naive(trains));
  assert(JSON.stringify(all) !== JSON.stringify(some));
});

Deno.test("a table of train runs that has lost them gets them back from landing, and so do the stations", async () => {
  const folder = memoryFolder(), anew = memoryFolder(), trains = someTrains(seededRandom(4, 12), 40);
  await using broker = await brokerWith(trains.map(messageOf), 2);
  await runProcess({ broker, storeOf: folder });
  const changes = await changesOf(folder);
  const without: StoreOf = (path) => path === ANALYSIS_PATHS.train_runs ? anew(path) : folder(path);
  await runProcess({ broker, storeOf: without, name: "again" });
  assertEquals(await tracksOf(without), naive(trains));
  assertEquals(await changesOf(without), changes);
});

Deno.test("tables of before, without these columns, get them with the next run", async () => {
  const folder = memoryFolder(), older = memoryFolder(), trains = someTrains(seededRandom(5, 12), 40);
  await using broker = await brokerWith(trains.map(messageOf), 2);
  await runProcess({ broker, storeOf: folder });
  const changes = await changesOf(folder);
  for (const name of ["train_runs", "station_days"] as const) {
    const table = await openTable(folder(ANALYSIS_PATHS[name]), CONTEXT);
    const fields = ANALYSIS_SCHEMAS[name].fields.filter((field) => !/^track(?:s$|Changed)/.test(field.name));
    assertEquals(fields.length < ANALYSIS_SCHEMAS[name].fields.length, true);
    const schema = tableSchema(Object.fromEntries(fields.map((field) => [field.name, field.type])));
    const definition = { schema, partitionColumns: [ANALYSIS_PARTITION] };
    const old = await createTable(older(ANALYSIS_PATHS[name]), definition, CONTEXT);
    const adds = await Promise.all([...table.snapshot.files.values()].map(async (add) => {
      const columns = await table.readColumns(add) ?? {};
      const known = fields.flatMap(({ name }) =>
        columns[name] === undefined ? [] : [[name, columns[name]] as const]
      );
      const tags = Object.entries(add.tags ?? {}).map(([tag, value]) => [tag, value ?? ""] as const);
      const { partitionValues } = add;
      return await old.stageColumns(Object.fromEntries(known), {
        partitionValues,
        tags: Object.fromEntries(tags),
      });
    }));
    await old.commit({
      ...{ readSnapshot: old.snapshot, operation: "WRITE", adds, removes: [] },
      reads: { matches: () => false },
    });
  }
  const both: StoreOf = (path) => /train_runs|station_days/.test(path) ? older(path) : folder(path);
  await runProcess({ broker, storeOf: both, name: "newer" });
  assertEquals(await tracksOf(both), naive(trains));
  assertEquals(await changesOf(both), changes);
});

Deno.test("a table whose columns have other types is refused, with the way out", async () => {
  const folder = memoryFolder();
  const schema = tableSchema({ departureDate: "date", trainNumber: "long", delayAddedSeconds: "long" });
  await createTable(
    folder(ANALYSIS_PATHS.leg_delays),
    { schema, partitionColumns: [ANALYSIS_PARTITION] },
    CONTEXT,
  );
  await using broker = await brokerWith([], 1);
  const error = await assertRejects(() => runProcess({ broker, storeOf: folder }), Error);
  const told = [error, error.cause].map(String).join("\n");
  for (const part of ["delayAddedSeconds", "long", "integer", "remove its folder"]) {
    assertStringIncludes(told, part);
  }
});
