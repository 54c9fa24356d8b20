/** A lake of version 0.1.0 under today's code: nothing to do for its owner, nothing lost, nothing counted wrongly. */

import { LostRowsError } from "../../lib/errors.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Broker } from "../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import {
  addColumns,
  deleteRows,
  type DeltaTable,
  LocalStore,
  openTable,
  parsePredicate,
  tableSchema,
  updateRows,
} from "../../lib/delta/mod.ts";
import { analyseLake } from "../../lib/pipeline/analysis/analyse_lake.ts";
import { findRejection, listQuarantine } from "../../lib/pipeline/quarantine/read_quarantine.ts";
import { replayLake } from "../../lib/pipeline/quarantine/replay_lake.ts";
import { reportQuality } from "../../lib/pipeline/report_quality.ts";
import { BATCHES_COUNTER } from "../../lib/quality/batch_counter.ts";
import { QUARANTINE_COUNTER } from "../../lib/quality/rejection_counter.ts";
import { STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { readNewestRun } from "../../lib/quality/results/run_history.ts";
import { countsOf } from "../../lib/tables/count_tags.ts";
import { TABLE_PATHS, type TableName } from "../../lib/tables/table_paths.ts";
import { trainMessage } from "./made_up_log.ts";
import { type RunOptions, runProcess, type StoreOf } from "./process_rig.ts";
import { rowsOf } from "./table_content.ts";

const SOURCE = new URL("../testdata/lake-0.1.0/", import.meta.url).pathname;
const TOPIC = "digitraffic_live_trains";
/** Version 0.1.0 knew no results of rules. */
const OLD_PATHS = Object.values(TABLE_PATHS).filter((path) => path !== TABLE_PATHS.results);
const CONTEXT = { clock: () => Date.UTC(2026, 1, 18), ids: () => crypto.randomUUID() };

/** A copy that may be written to, with its broker. */
class OldLake implements AsyncDisposable {
  readonly #folder: string;
  readonly broker: Broker;

  private constructor(folder: string, broker: Broker) {
    this.#folder = folder;
    this.broker = broker;
  }

  static async copy(): Promise<OldLake> {
    const folder = await Deno.makeTempDir({ prefix: "ratalake-older-" });
    for (const path of OLD_PATHS) await copyFolder(`${SOURCE}${path}`, `${folder}/${path}`);
    const packed = await Deno.open(`${SOURCE}broker.db.gz`);
    const unpacked = packed.readable.pipeThrough(new DecompressionStream("gzip"));
    await Deno.writeFile(`${folder}/broker.db`, unpacked);
    const broker = await openEmbeddedBroker({
      path: `${folder}/broker.db`,
      clock: CONTEXT.clock,
      isSynced: false,
    });
    return new OldLake(folder, broker);
  }

  storeOf: StoreOf = (path) => new LocalStore(`${this.#folder}/${path}`);

  async open(name: TableName): Promise<DeltaTable> {
    return await openTable(this.storeOf(TABLE_PATHS[name]), CONTEXT);
  }

  /** As a crash before its last commit would have left the table. */
  async forgetLastCommit(name: TableName): Promise<void> {
    const { version } = (await this.open(name)).snapshot;
    await Deno.remove(
      `${this.#folder}/${TABLE_PATHS[name]}/_delta_log/${String(version).padStart(20, "0")}.json`,
    );
  }

  async process(more: Partial<RunOptions> = {}) {
    const lake = { broker: this.broker, storeOf: this.storeOf, topic: TOPIC, startMs: CONTEXT.clock() };
    return await runProcess({ ...lake, ...more });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.broker[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** The rows in the columns that the table had in version 0.1.0, as text. */
async function oldRows(lake: OldLake, name: TableName): Promise<readonly string[]> {
  const source = await openTable(new LocalStore(`${SOURCE}${TABLE_PATHS[name]}`), CONTEXT);
  const columns = source.snapshot.schema.fields.map((field) => field.name);
  const plain = (_: string, value: unknown) => typeof value === "bigint" ? `${value}n` : value;
  return (await rowsOf(await lake.open(name))).map((row) =>
    JSON.stringify(columns.map((column) => row[column]), plain)
  ).sort();
}

/** A newer version of one train of the lake. */
async function newVersion(lake: OldLake) {
  const [message] = (await rowsOf(await lake.open("landing"))).filter(({ messageKey }) =>
    messageKey !== null
  );
  const train = JSON.parse(String(message?.jsonValue));
  return { ...train, version: train.version + 1e9 };
}

Deno.test("a lake of version 0.1.0 goes through process and report, with every row as it was", async () => {
  await using lake = await OldLake.copy();
  const before = await oldRows(lake, "standard");
  const { messages, run } = await lake.process();
  assertEquals([messages, run?.account.landed, run?.account.standardRows], [0, 12, 580]);
  assertEquals(await oldRows(lake, "standard"), before);
  const options = { storeOf: lake.storeOf, ...CONTEXT, format: "json" } as const;
  const { passed, text } = await reportQuality(options);
  assertEquals([passed, JSON.parse(text).run.account.quarantined], [true, 3]);
});

Deno.test("old files are counted with today's rules once, and old runs stay readable", async () => {
  await using lake = await OldLake.copy();
  const old = await readNewestRun(await lake.open("runs"));
  assertEquals([old?.ruleSet, old?.account.landed], [null, 12]);
  await lake.process();
  const counters = { standard: STANDARD_COUNTER, quarantine: QUARANTINE_COUNTER, batches: BATCHES_COUNTER };
  const versions = new Map<string, number>();
  for (const [name, counter] of Object.entries(counters)) {
    const table = await lake.open(name as TableName);
    const counts = [...table.snapshot.files.values()].map((add) => countsOf(add, counter));
    assert(counts.length > 0 && counts.every((count) => count !== null), name);
    versions.set(name, table.snapshot.version);
  }
  await lake.process();
  for (const [name, version] of versions) {
    assertEquals((await lake.open(name as TableName)).snapshot.version, version, name);
  }
  assertEquals((await readNewestRun(await lake.open("runs")))?.ruleSet, STANDARD_COUNTER.ruleSet);
});

Deno.test("a run that is stopped while it counts again records nothing, and the next run goes on from there", async () => {
  await using lake = await OldLake.copy();
  const controller = new AbortController(), { signal } = controller;
  // With its work done beforehand nothing but the counting has memory to let go of.
  await analyseLake({
    storeOf: lake.storeOf,
    context: CONTEXT,
    signal,
    releaseMemory: () => Promise.resolve(),
  });
  const stopped = await lake.process({ signal, onRelease: () => controller.abort() });
  assertEquals([stopped.outcome, stopped.run], ["interrupted", null]);
  assertEquals((await readNewestRun(await lake.open("runs")))?.ruleSet, null);
  const standard = [...(await lake.open("standard")).snapshot.files.values()];
  assertEquals(standard.filter((add) => countsOf(add, STANDARD_COUNTER) !== null).length, 1);
  const { outcome, run } = await lake.process();
  assertEquals([outcome, run?.account.landed], ["done", 12]);
});

Deno.test("the quarantine of a lake of version 0.1.0 can be looked into before process has touched it", async () => {
  await using lake = await OldLake.copy();
  const options = { storeOf: lake.storeOf, ...CONTEXT };
  const { rejections } = await listQuarantine(options, { limit: 10 });
  assertEquals(rejections.length, 3);
  for (const { id, message } of rejections) {
    const found = await findRejection(options, id);
    assertEquals([found.message, found.sourceEpoch, found.keyBytes], [message, 0, null]);
  }
  const { signal } = new AbortController(), releaseMemory = () => Promise.resolve();
  const surroundings = { monotonic: () => 0, signal, releaseMemory };
  const replayed = await replayLake(options, { filter: {}, surroundings, isDry: true });
  assertEquals([replayed.replayed, replayed.released], [3, 0]);
});

Deno.test("the analysis tables can be made of a lake of version 0.1.0 before process has touched it", async () => {
  await using lake = await OldLake.copy();
  const { signal } = new AbortController();
  const options = { storeOf: lake.storeOf, context: CONTEXT, signal, releaseMemory: () => Promise.resolve() };
  const { isComplete, rows } = await analyseLake(options);
  const standard = await rowsOf(await lake.open("standard"));
  const trains = new Set(standard.map(({ trainNumber, departureDate }) => `${departureDate}/${trainNumber}`));
  assertEquals([isComplete, rows.train_runs], [true, trains.size]);
});

Deno.test("a newer version of a train replaces the rows that version 0.1.0 wrote", async () => {
  await using lake = await OldLake.copy();
  const train = await newVersion(lake);
  await lake.broker.publish(TOPIC, [trainMessage(train)]);
  const { run } = await lake.process();
  assertEquals([run?.account.accepted, run?.account.standardRows], [10, 580]);
  const mine = (await rowsOf(await lake.open("standard"))).filter(({ trainNumber, departureDate }) =>
    Number(trainNumber) === train.trainNumber && String(departureDate).includes(train.departureDate)
  );
  assertEquals(new Set(mine.map(({ version }) => Number(version))), new Set([train.version]));
  assertEquals(mine.length, train.timeTableRows.length);
});

Deno.test("a source that was set up anew replaces the rows that version 0.1.0 wrote, and leaves those of others", async () => {
  await using lake = await OldLake.copy();
  const before = await oldRows(lake, "standard");
  const train = { ...await newVersion(lake), version: 3 };
  await lake.broker.publish(TOPIC, [trainMessage(train, undefined, { sourceEpoch: 1 })]);
  const { run } = await lake.process();
  assertEquals([run?.account.accepted, run?.account.stale], [10, 0]);
  const rows = await rowsOf(await lake.open("standard"));
  const mine = rows.filter(({ sourceEpoch }) => sourceEpoch !== null);
  assertEquals(
    new Set(mine.map(({ version, sourceEpoch }) => `${version}/${sourceEpoch}`)),
    new Set(["3/1"]),
  );
  assertEquals(mine.length, train.timeTableRows.length);
  const after = new Set(await oldRows(lake, "standard"));
  assertEquals(before.filter((row) => after.has(row)).length, rows.length - mine.length);
});

Deno.test("what version 0.1.0 left between two commits is finished, its accounting from its own log", async () => {
  for (const crashed of [["batches"], ["standard", "batches"]] as const) {
    await using lake = await OldLake.copy();
    const [standard, batches] = [
      await oldRows(lake, "standard"),
      await lake.open("batches"),
    ];
    const sum = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      rows.reduce((total, { landed }) => total + Number(landed), 0);
    const landed = sum(await rowsOf(batches));
    for (const name of crashed) await lake.forgetLastCommit(name);
    const { run } = await lake.process();
    assertEquals(await oldRows(lake, "standard"), standard, crashed.join());
    assertEquals([sum(await rowsOf(await lake.open("batches"))), run?.account.offsets], [landed, 12]);
  }
});

Deno.test("messages that version 0.1.0 landed and standard lacks are asked for when somebody has deleted all of them", async () => {
  await using lake = await OldLake.copy();
  for (const name of ["batches", "standard"] as const) await lake.forgetLastCommit(name);
  const landing = await lake.open("landing");
  await deleteRows(landing, parsePredicate("kafkaOffset >= 0", landing.snapshot.schema));
  await assertRejects(() => lake.process(), LostRowsError, "Cannot catch up from the table");
});

Deno.test("a column that others have added to any table stays, with its values, and is null in our rows", async () => {
  await using lake = await OldLake.copy();
  for (const name of ["landing", "quarantine", "standard", "batches", "runs"] as const) {
    const table = await lake.open(name);
    await addColumns(table, tableSchema({ note: "string" }).fields);
    const where = name === "standard" ? parsePredicate("rowNumber = 0", table.snapshot.schema) : undefined;
    if (name === "standard" && where) await updateRows(table, { set: { note: "theirs" }, where });
  }
  const train = await newVersion(lake);
  await lake.broker.publish(TOPIC, [trainMessage(train), trainMessage("no train")]);
  const { run } = await lake.process();
  assertEquals([run?.account.accepted, run?.account.quarantined, run?.account.standardRows], [10, 4, 580]);
  const rows = await rowsOf(await lake.open("standard"));
  const isNew = (row: Readonly<Record<string, unknown>>) => Number(row.version) === train.version;
  const notesOf = (mine: typeof rows) =>
    new Set(mine.map(({ rowNumber, note }) => `${Number(rowNumber) === 0} ${note}`));
  assertEquals(notesOf(rows.filter(isNew)), new Set(["true null", "false null"]));
  assertEquals(notesOf(rows.filter((row) => !isNew(row))), new Set(["true theirs", "false null"]));
});
