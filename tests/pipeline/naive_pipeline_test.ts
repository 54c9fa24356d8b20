/** The pipeline beside a naive model of it, on random logs with every kind of message, gap, loss, crash and stop. */
import { assert, assertEquals } from "@std/assert";
import type { LogRecord } from "../../lib/broker/broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { partitionStatus } from "../../lib/pipeline/partition_status.ts";
import { checkAccount } from "../../lib/quality/account.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import type { RunRecord } from "../../lib/tables/run_record.ts";
import { gatedStore } from "./gated_store.ts";
import { MadeUpBroker } from "./made_up_broker.ts";
import { type NaiveMessage, NaivePipeline, type NaiveTrain } from "./naive_pipeline.ts";
import { memoryFolder, type RunOptions, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import { rowsOf } from "./table_content.ts";

const ROUNDS = Number(Deno.env.get("RATALAKE_MODEL_ROUNDS") ?? 1);
const NOW_MS = Date.UTC(2025, 1, 17, 5);
const encoder = new TextEncoder();
const TRAINS: readonly NaiveTrain[] = [...simulateTrains({ seed: 5, trains: 8, atMs: NOW_MS })]
  .map(({ timeTableRows, ...train }, index) => {
    const [first, ...rest] = timeTableRows.slice(8, 14);
    return { ...train, ...wholeTrain(index), timeTableRows: [{ ...first, ...wholeRow(index) }, ...rest] };
  });

/** Values for what the simulator leaves out, others in each train: a column that nobody fills could be lost. */
function wholeTrain(index: number) {
  const acceptance = { timetableAcceptanceDate: `2025-01-0${index + 1}T00:00:00.000Z` };
  return { commuterLineID: `${index}K`, deleted: index % 2 === 0, cancelled: index % 3 === 0, ...acceptance };
}

function wholeRow(index: number) {
  const isEven = index % 2 === 0;
  const time = { liveEstimateTime: `2025-02-17T05:0${index}:00.000Z`, differenceInMinutes: index };
  const codes = { categoryCode: "A", detailedCategoryCode: `A${index}`, thirdCategoryCode: `A${index}a` };
  const ids = { categoryCodeId: index, detailedCategoryCodeId: 10 + index, thirdCategoryCodeId: 20 + index };
  return {
    ...time,
    ...{
      unknownDelay: isEven,
      unknownTrack: !isEven,
      stopSector: `S${index}`,
      commercialTrack: `00${index}`,
    },
    ...{ commercialStop: isEven, estimateSource: "COMBOCALC", actualTime: `2025-02-17T04:0${index}:30.000Z` },
    causes: [{ ...codes, ...ids }, {}],
    trainReady: { source: "PHONE", accepted: isEven, timestamp: `2025-02-17T04:0${index}:00.000Z` },
  };
}

/** Bytes that are no train, the reason that each gets, and the column that it lacks. */
const BAD: readonly (readonly [reason: string, value: Uint8Array | string | null, missing?: string])[] = [
  ["empty_message", null],
  ["empty_message", ""],
  ["not_utf8", Uint8Array.of(0xff, 0xfe, 0)],
  ["not_json", "this is not a train"],
  ["not_a_train", "[]"],
  ["duplicate_key", JSON.stringify(TRAINS[0]).replace("{", '{"version":1,')],
  ["missing_field", JSON.stringify({ ...TRAINS[1], trainNumber: undefined }), "trainNumber"],
  ["empty_field", JSON.stringify({ ...TRAINS[1], departureDate: "" }), "departureDate_empty"],
  ["wrong_type", JSON.stringify({ ...TRAINS[1], version: "7" })],
  ["out_of_range", JSON.stringify({ ...TRAINS[1], trainNumber: 100_000 })],
  ["date_format", JSON.stringify({ ...TRAINS[1], departureDate: "2025-02-30" })],
  ["too_few_rows", JSON.stringify({ ...TRAINS[1], timeTableRows: [] })],
  ["missing_field", trainWithRow({ stationShortCode: undefined }), "stationShortCode"],
  ["empty_field", trainWithRow({ stationShortCode: "" }), "stationShortCode_empty"],
  ["empty_field", trainWithRow({ countryCode: "" })],
  ["missing_field", trainWithRow({ scheduledTime: null }), "scheduledTime"],
  ["missing_field", trainWithRow({ type: undefined }), "type"],
  ["arrival_time_format", trainWithRow({ type: "ARRIVAL", scheduledTime: "2025-02-17" })],
  ["departure_time_format", trainWithRow({ type: "DEPARTURE", scheduledTime: "today" })],
  ["time_format", trainWithRow({ actualTime: "2025-02-17T25:00:00Z" })],
];

/** Headers and what they mean. */
const EPOCHS: readonly (readonly [text: string | undefined, sourceEpoch: number])[] = [
  ...[[undefined, 0], [undefined, 0], ["0", 0], ["1", 1], ["1", 1], ["2147483647", 2147483647]] as const,
  ...[["2147483648", 0], ["-1", 0], ["one", 0]] as const,
];

/** Reasons by the names under which the replaced system counted them. */
const ANOMALIES = {
  departureDate_format_errors: "date_format",
  arrivalTime_format_errors: "arrival_time_format",
  departureTime_format_errors: "departure_time_format",
  otherTime_format_errors: "time_format",
};
const REQUIRED = ["trainNumber", "departureDate", "scheduledTime", "stationShortCode", "type"];

function trainWithRow(row: NaiveTrain): string {
  const [first, ...rest] = TRAINS[1].timeTableRows;
  return JSON.stringify({ ...TRAINS[1], timeTableRows: [{ ...first, ...row }, ...rest] });
}

/** One log with its model, and the folder that the pipeline fills. */
class World {
  readonly broker = new MadeUpBroker(2);
  readonly model = new NaivePipeline(TOPIC);
  readonly folder: StoreOf = memoryFolder();
  readonly #log: (NaiveMessage | null)[][] = [[], []];
  readonly #next = [0, 0];
  #version = 1000;

  constructor(readonly random: Random) {}

  /** A new version, one seen before, the same again, other content under the same version, or no train at all. */
  publish(): void {
    const partition = this.#below(this.broker.partitions.length);
    // As with keys, all versions of a train lie in one partition.
    const mine = TRAINS.filter((_, index) => index % 4 === partition);
    const train = mine[this.#below(mine.length)];
    const version = this.random() < 0.5 ? this.#version++ : 1000 + this.#below(this.#version - 999);
    const changed = { ...train, version, runningCurrently: this.random() < 0.5, extra: 1 };
    const bad = BAD[this.#below(BAD.length)] ?? ["empty_message", null];
    if (train === undefined || this.random() < 0.3) {
      this.#append(partition, bad[1], {
        reason: bad[0],
        ...(bad[2] && { missing: bad[2] }),
      });
    } else this.#append(partition, JSON.stringify(changed), { train: changed });
  }

  #append(partition: number, value: Uint8Array | string | null, meaning: NaiveMessage["meaning"]): void {
    // The source is set up anew now and then, messages of before come late, and others write what they like.
    const [text, sourceEpoch] = EPOCHS[this.#below(EPOCHS.length)] ?? [undefined, 0];
    const entries = this.broker.partitions[partition]?.entries ?? [];
    const record: LogRecord = {
      offset: BigInt(entries.length),
      timestampMs: NOW_MS + this.#below(1000),
      key: this.random() < 0.5 ? null : `key ${this.#below(3)}`,
      value: typeof value === "string" ? encoder.encode(value) : value,
      headers: text === undefined ? {} : { sourceEpoch: text },
    };
    entries.push(record);
    this.#log[partition]?.push({ ...record, partition, sourceEpoch, meaning });
  }

  leaveGap(): void {
    const partition = this.#below(this.broker.partitions.length);
    this.broker.partitions[partition]?.entries.push(null);
    this.#log[partition]?.push(null);
  }

  /** Retention takes the oldest, landed or not. */
  expire(): void {
    const partition = this.broker.partitions[this.#below(this.broker.partitions.length)];
    if (partition) partition.earliest += this.#below(partition.entries.length - partition.earliest + 1);
  }

  addPartition(): void {
    if (this.broker.partitions.length === 4) return;
    this.broker.partitions.push({ earliest: 0, entries: [] });
    this.#log.push([]);
    this.#next.push(0);
  }

  /** Runs until a run is done, through crashes and stops; the model reads the log once. */
  async process(): Promise<RunRecord> {
    this.broker.partitions.forEach(({ earliest, entries }, partition) => {
      for (let offset = this.#next[partition] ?? 0; offset < entries.length; offset++) {
        const message = this.#log[partition]?.[offset] ?? null;
        if (offset < earliest) this.model.skip(partition, "expired");
        else if (message === null) this.model.skip(partition, "gaps");
        else this.model.ingest(message);
      }
      this.#next[partition] = entries.length;
    });
    for (;;) {
      const summary = await this.#attempt().catch(ignoreCrash);
      if (summary?.run) return summary.run;
    }
  }

  /** What `status` has to say of each partition between two runs. */
  get status(): readonly object[] {
    return this.broker.partitions.map(({ earliest, entries }, partition) => {
      const next = this.#next[partition] ?? 0;
      const { landed, expired, gaps } = this.model.countsOf(partition);
      const waiting = entries.length - Math.max(next, earliest);
      const lost = Math.max(earliest - next, 0);
      return { partition, waiting, landed, expired: expired + lost, newlyExpired: lost, gaps, unmerged: 0 };
    });
  }

  #attempt() {
    this.broker.chunkRecords = 1 + this.#below(6);
    const stop = new AbortController();
    const options: RunOptions = {
      broker: this.broker,
      storeOf: this.random() < 0.4 ? crashing(this.folder, this.#below(150)) : this.folder,
      // Often so small that each chunk is a batch: what one leaves behind, the next of the same run finds.
      maxBatchBytes: this.random() < 0.4 ? 1 : 1 + this.#below(60_000),
      signal: stop.signal,
      onBatch: () => {
        if (this.random() < 0.1) stop.abort();
      },
    };
    return runProcess(options);
  }

  #below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
}

function crashing(storeOf: StoreOf, moments: number): StoreOf {
  let left = moments;
  return (path) =>
    gatedStore(storeOf(path), () => {
      if (left-- <= 0) throw new Error("crash");
    });
}

function ignoreCrash(error: unknown): null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message === "crash") return null;
  }
  throw error;
}

/** Rows of a table with the columns that the model speaks of, in an order that any two can be compared by. */
async function contentOf(world: World, name: keyof typeof TABLE_PATHS, like: readonly object[]) {
  const names = Object.keys(like[0] ?? {});
  const table = await openLakeOf(world, name);
  return sorted(
    (await rowsOf(table)).map((row) => Object.fromEntries(names.map((each) => [each, row[each]]))),
  );
}

function sorted(rows: readonly object[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row, comparable)).sort();
}

/** One spelling for each value: keys in order, whole numbers as digits, bytes as numbers. */
function comparable(_: string, value: unknown): unknown {
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  if (value instanceof Uint8Array) return [...value];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}

async function compare(world: World, run: RunRecord, seed: number): Promise<void> {
  const { model } = world;
  assertEquals({ seed, ...figuresOf(run) }, { seed, ...expectedFigures(model) });
  assertEquals(checkAccount(run.account).filter(({ holds }) => !holds), []);
  assertEquals(await batchSums(world), model.partitions.map((counts) => ({ ...counts })), `seed ${seed}`);
  for (const name of ["landing", "quarantine", "standard"] as const) {
    if (model[name].length === 0) continue;
    assertEquals(await contentOf(world, name, model[name]), sorted(model[name]), `${name} of seed ${seed}`);
  }
}

/** What a run says of everything. */
function figuresOf({ account, anomalies, ...run }: RunRecord) {
  const { offsets, landed, expired, gaps, accepted, duplicate, stale, quarantined } = account;
  return {
    counts: {
      offsets,
      landed,
      expired,
      gaps,
      accepted,
      duplicate,
      stale,
      quarantined,
      conflict: run.conflict,
    },
    missing: run.missingValues,
    reasons: run.quarantineReasons,
    anomalies: Object.fromEntries(Object.keys(ANOMALIES).map((name) => [name, anomalies[name]])),
    drift: run.schemaDrift,
    newestMs: run.newestMessageTime?.getTime() ?? -Infinity,
    duplicateRecords: run.duplicateRecords,
    lag: run.lag,
  };
}

function expectedFigures({ counts, missing, reasons, drift, newestMs }: NaivePipeline) {
  const { sizeBytes: _, ...others } = counts;
  const required = REQUIRED.flatMap((name) => [name, `${name}_empty`]);
  return {
    counts: others,
    missing: Object.fromEntries(required.map((name) => [name, missing.get(name) ?? 0])),
    reasons: Object.fromEntries(reasons),
    anomalies: Object.fromEntries(
      Object.entries(ANOMALIES).map(([name, reason]) => [name, reasons.get(reason) ?? 0]),
    ),
    drift: Object.fromEntries(drift),
    newestMs,
    duplicateRecords: 0,
    lag: 0,
  };
}

async function openLakeOf(world: World, name: keyof typeof TABLE_PATHS) {
  return await openTable(world.folder(TABLE_PATHS[name]), { clock: () => 0, ids: () => "reader" });
}

/** The accounting of all batches, per partition; each begins where the one before ends. */
async function batchSums(world: World): Promise<readonly object[]> {
  const rows = await rowsOf(await openLakeOf(world, "batches"));
  return world.model.partitions.map((counts, partition) => {
    const mine = rows.filter((row) => row.partition === partition)
      .sort((a, b) => Number(a.offsetFrom) - Number(b.offsetFrom));
    mine.reduce((end, { offsetFrom, offsetTo }) => {
      assertEquals(offsetFrom, end);
      return offsetTo;
    }, 0n as unknown);
    const sum = (name: string) => mine.reduce((total, row) => total + Number(row[name]), 0);
    const sums = Object.fromEntries(Object.keys(counts).map((name) => [name, sum(name)]));
    return { ...sums, offsets: sum("offsetTo") - sum("offsetFrom") };
  });
}

async function compareStatus(world: World, seed: number): Promise<void> {
  const [landing, standard] = [await openLakeOf(world, "landing"), await openLakeOf(world, "standard")];
  const offsets = await world.broker.topicOffsets();
  const found = offsets.map((each) => partitionStatus(each, { landing, standard }, TOPIC));
  assertEquals({ seed, found }, { seed, found: world.status });
}

/** Expired offsets that the recorded runs have told of, together: a run that is recorded may crash after it. */
async function toldExpired(world: World): Promise<number> {
  const runs = await contentOf(world, "runs", [{ newly_expired: 0 }]);
  return runs.reduce((sum, row) => sum + Number(/\d+/.exec(row)?.[0]), 0);
}

Deno.test("whatever happens to a log and to the runs, the tables and the account are those of the naive model", async () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = seededRandom(seed, 63);
    const world = new World(random);
    await world.process();
    for (let step = 0; step < 60; step++) {
      const kind = random();
      if (kind < 0.7) world.publish();
      else if (kind < 0.8) world.leaveGap();
      else if (kind < 0.86) world.expire();
      else if (kind < 0.88) world.addPartition();
      else {
        await compareStatus(world, seed);
        await compare(world, await world.process(), seed);
      }
    }
    await compare(world, await world.process(), seed);
    assertEquals(await toldExpired(world), world.model.counts.expired, `seed ${seed}`);
    assert(world.model.counts.landed > 0);
  }
});
