/** What `status` says at each turn of a log and its tables, without changing either. */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { Broker } from "../../lib/broker/broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { updatePublishState } from "../../lib/digitraffic/publish_state.ts";
import { BrokerError } from "../../lib/errors.ts";
import { partitionStatus } from "../../lib/pipeline/partition_status.ts";
import { readStatus } from "../../lib/pipeline/read_status.ts";
import { nextSteps, type Status, sumPartitions } from "../../lib/report/status.ts";
import { PROCESS_PATHS, TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { gatedStore } from "./gated_store.ts";
import { MadeUpBroker } from "./made_up_broker.ts";
import { FIRST_ROUND_MS, makeRound } from "./made_up_log.ts";
import { memoryFolder, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";

const ROUND = makeRound(40, 1, FIRST_ROUND_MS);
/** No file there: nothing was fetched. */
const PERMISSIONS = { read: true, sys: true, ffi: true, env: true } as const;

/** Looks; any write fails. */
/** A tombstone, which is rejected. */
const EMPTY = { timestampMs: FIRST_ROUND_MS, key: "x", value: null, headers: {} };

function look(
  openBroker: () => Promise<Broker>,
  storeOf: StoreOf,
  statePath = "no/such/state.json",
  limits: string | null = null,
): Promise<Status> {
  const onlyRead: StoreOf = (path) =>
    gatedStore(storeOf(path), ({ operation }) => {
      if (operation !== "read" && operation !== "list") throw new Error(`status wants to ${operation}`);
    });
  return readStatus({
    storeOf: onlyRead,
    openBroker,
    brokerLabel: "kafka nowhere:9092",
    topic: TOPIC,
    statePath,
    policyFile: { path: "quality.yaml", read: () => Promise.resolve(limits) },
    brokerBytes: null,
    heartbeats: [],
    clock: () => FIRST_ROUND_MS + 60_000,
    ids: () => "status",
  });
}

function publish(broker: MadeUpBroker, count: number): void {
  const entries = broker.partitions[0]?.entries ?? [];
  for (const { key, value, headers } of ROUND.slice(0, count)) {
    entries.push({ offset: BigInt(entries.length), timestampMs: FIRST_ROUND_MS, key, value, headers });
  }
}

Deno.test({
  name: "from nothing to done, status says what waits and what to do next",
  permissions: PERMISSIONS,
  async fn() {
    const broker = new MadeUpBroker(0);
    const storeOf = memoryFolder();
    const now = () => look(() => Promise.resolve(broker), storeOf);
    assertEquals([(await now()).tables, (await now()).lastRun], [[], null]);
    assertMatch(nextSteps(await now())[0] ?? "", /deno task fetch/);
    broker.partitions.push({ earliest: 0, entries: [] });
    publish(broker, 30);
    assertEquals(sumPartitions(await now()), {
      waiting: 30,
      landed: 0,
      expired: 0,
      newlyExpired: 0,
      gaps: 0,
      unmerged: 0,
    });
    assertMatch(nextSteps(await now())[0] ?? "", /deno task process` ingests 30 waiting offsets/);
    await runProcess({ broker, storeOf });
    assertEquals(sumPartitions(await now()), {
      waiting: 0,
      landed: 30,
      expired: 0,
      newlyExpired: 0,
      gaps: 0,
      unmerged: 0,
    });
    assertEquals([(await now()).lastRun?.passed, (await now()).tables.length], [true, 9]);
    assertEquals(nextSteps(await now()), ["nothing; `deno task fetch` looks for news"]);
    broker.partitions[0]?.entries.push(null);
    publish(broker, 9);
    Object.assign(broker.partitions[0] ?? {}, { earliest: 35 });
    assertEquals(sumPartitions(await now()), {
      waiting: 5,
      landed: 30,
      expired: 5,
      newlyExpired: 5,
      gaps: 0,
      unmerged: 0,
    });
    assertEquals(nextSteps(await now()), [
      "`deno task process` records that 5 offsets expired before they were landed, and ends with 1",
      "`deno task fetch --full` publishes the live trains again",
      "`deno task process` ingests 5 waiting offsets",
    ]);
    await runProcess({ broker, storeOf, startMs: FIRST_ROUND_MS + 30_000 });
    const [partition] = (await now()).partitions;
    assertEquals(partition, {
      partition: 0,
      waiting: 0,
      landed: 35,
      expired: 5,
      newlyExpired: 0,
      gaps: 0,
      unmerged: 0,
    });
    assertEquals(nextSteps(await now()), ["`deno task report` says why the last run failed"]);
  },
});

Deno.test({
  name: "what a crash left between landing and standard is shown, with the way on",
  permissions: PERMISSIONS,
  async fn() {
    const broker = new MadeUpBroker(1);
    const storeOf = memoryFolder();
    publish(broker, 30);
    const crashing: StoreOf = (path) =>
      gatedStore(storeOf(path), ({ operation, path: file }) => {
        const isCommit = path.startsWith("standard") && operation === "putIfAbsent" &&
          file.endsWith("1.json");
        if (isCommit) throw new Error("crash");
      });
    await runProcess({ broker, storeOf: crashing, maxBatchBytes: 1e9 }).catch(() => {});
    const status = await look(() => Promise.resolve(broker), storeOf);
    assertEquals(sumPartitions(status), {
      waiting: 0,
      landed: 30,
      expired: 0,
      newlyExpired: 0,
      gaps: 0,
      unmerged: 30,
    });
    assertMatch(nextSteps(status)[0] ?? "", /merges 30 offsets that a run left between/);
  },
});

Deno.test({
  name:
    "a broker that does not answer, or is another log, is part of the status and hides none of the tables",
  permissions: PERMISSIONS,
  async fn() {
    const broker = new MadeUpBroker(1);
    const storeOf = memoryFolder();
    publish(broker, 10);
    await runProcess({ broker, storeOf });
    const silent = await look(() => Promise.reject(new BrokerError("Cannot connect: refused")), storeOf);
    assertEquals([silent.brokerFault, silent.tables.length, silent.broker], [
      "Cannot connect: refused",
      9,
      "kafka nowhere:9092",
    ]);
    assertMatch(nextSteps(silent)[0] ?? "", /start the broker/);
    const other = await look(() => Promise.resolve(new MadeUpBroker(1)), storeOf);
    assertMatch(other.logFault ?? "", /the log ends at 0.*deno task reset/);
    assertMatch(nextSteps(other)[0] ?? "", /process` refuses this log/);
  },
});

Deno.test({
  name: "what retention took from a partition that was added meanwhile is expired, as the next run will find",
  permissions: PERMISSIONS,
  async fn() {
    const broker = new MadeUpBroker(1);
    const storeOf = memoryFolder();
    const now = () => look(() => Promise.resolve(broker), storeOf);
    // To nobody's tables nothing is lost: they begin where the log does.
    publish(broker, 4);
    Object.assign(broker.partitions[0] ?? {}, { earliest: 1 });
    assertEquals((await now()).partitions, [
      { partition: 0, waiting: 3, landed: 0, expired: 0, newlyExpired: 0, gaps: 0, unmerged: 0 },
    ]);
    await runProcess({ broker, storeOf });
    // Nor is there to a topic of which the tables know nothing.
    const landing = await openTable(storeOf(TABLE_PATHS.landing), { clock: () => 0, ids: () => "reader" });
    const unknown = { partition: 0, earliest: 1n, end: 4n };
    assertEquals(partitionStatus(unknown, { landing }, "buses"), {
      partition: 0,
      waiting: 3,
      landed: 0,
      expired: 0,
      newlyExpired: 0,
      gaps: 0,
      unmerged: 0,
    });
    broker.partitions.push({ earliest: 3, entries: [...broker.partitions[0]?.entries ?? [], null] });
    const added = { partition: 1, waiting: 2, landed: 0, expired: 3, newlyExpired: 3, gaps: 0, unmerged: 0 };
    assertEquals((await now()).partitions[1], added);
    await runProcess({ broker, storeOf, startMs: FIRST_ROUND_MS + 30_000 });
    assertEquals((await now()).partitions[1], { ...added, waiting: 0, landed: 1, newlyExpired: 0, gaps: 1 });
  },
});

Deno.test("status says when this topic of this broker was fetched last, and how new what is landed is", async () => {
  const broker = new MadeUpBroker(1);
  const storeOf = memoryFolder();
  const folder = await Deno.makeTempDir({ prefix: "ratalake-status-" });
  const now = () => look(() => Promise.resolve(broker), storeOf, `${folder}/state.json`);
  try {
    assertEquals([(await now()).lastFetch, (await now()).newestMessage], [null, null]);
    const logOf = (label: string, topic: string, minute: number) => {
      const fetchedAt = new Date(FIRST_ROUND_MS + minute * 60_000);
      const log = { broker: label, topic, records: 0n, logId: null, fetchedAt, messages: [], sourceEpoch: 0 };
      return { ...log, versions: new Map() };
    };
    const others = [logOf("elsewhere", TOPIC, 1), logOf(broker.label, "buses", 2)];
    await updatePublishState(`${folder}/state.json`, () => others);
    assertEquals((await now()).lastFetch, null);
    await updatePublishState(`${folder}/state.json`, () => [...others, logOf(broker.label, TOPIC, 3)]);
    assertEquals((await now()).lastFetch, new Date(FIRST_ROUND_MS + 180_000));
    publish(broker, 3);
    await runProcess({ broker, storeOf });
    assertEquals((await now()).newestMessage, new Date(FIRST_ROUND_MS));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what is no trouble of the broker ends the status with its own error", async () => {
  const broken = () => Promise.reject(new TypeError("a mistake of ours"));
  await assertRejects(() => look(broken, memoryFolder()), TypeError, "a mistake of ours");
});

Deno.test("the last run is evaluated by the limits of the user, as the report does; a wrong file hides nothing", async () => {
  const broker = new MadeUpBroker(1);
  const storeOf = memoryFolder();
  publish(broker, 10);
  broker.partitions[0]?.entries.push({ ...EMPTY, offset: 10n });
  await runProcess({ broker, storeOf });
  const passes = async (limits: string | null) =>
    (await look(() => Promise.resolve(broker), storeOf, "no/such/state.json", limits)).lastRun?.passed;
  assertEquals(await passes(null), true);
  assertEquals(await passes("quality: [{ rule: S1, severity: error, mustBe: 0 }]"), false);
  assertEquals(await passes("quality: [{ rule: S1, severity: error, mustBeLessThan: 2 }]"), true);
  assertEquals(await passes("quality: nonsense"), true);
});

Deno.test("a table whose log or files cannot be read hides neither the others nor the broker, whichever it is", async () => {
  const broker = new MadeUpBroker(1);
  const storeOf = memoryFolder();
  publish(broker, 10);
  await runProcess({ broker, storeOf });
  publish(broker, 4);
  const whole = await look(() => Promise.resolve(broker), storeOf);
  const breakings = [/\.json$/, /\.parquet$/];
  for (
    const [path, breaks] of Object.values(PROCESS_PATHS).flatMap((path) =>
      breakings.map((b) => [path, b] as const)
    )
  ) {
    const broken: StoreOf = (each) =>
      gatedStore(storeOf(each), ({ operation, path: file }) => {
        if (each === path && operation === "read" && breaks.test(file)) throw new Error("the disk fails");
      });
    const status = await look(() => Promise.resolve(broker), broken);
    const isRead = status.tableFaults.length === 0;
    // Few things are read from data files: most is in the log.
    if (breaks.source.includes("json")) assertEquals(status.tableFaults.map((each) => each.path), [path]);
    assertEquals(status.tables, isRead ? whole.tables : whole.tables.filter((each) => each.path !== path));
    const areKnown = isRead || !/landing|standard/.test(path);
    assertEquals(status.partitions, areKnown ? whole.partitions : []);
    assertEquals(status.lastRun, isRead || path !== TABLE_PATHS.runs ? whole.lastRun : null);
    assertEquals(nextSteps(status).some((step) => step.startsWith(`mend ${path}`)), !isRead);
  }
});
