/** What the broker deletes before it is landed: counted, told once as a failure, and kept in the history. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Broker, LogRecord } from "../../lib/broker/broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { describeLoss, type ProcessSummary } from "../../lib/pipeline/process_summary.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { readNewestRun } from "../../lib/quality/run_history.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { MadeUpBroker } from "./made_up_broker.ts";
import { FIRST_ROUND_MS, makeRound } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC, wrapBroker } from "./process_rig.ts";

const ROUND = makeRound(60, 1, FIRST_ROUND_MS);

function publish(broker: MadeUpBroker, count: number): void {
  const entries = broker.partitions[0]?.entries ?? [];
  for (const { key, value, headers } of ROUND.slice(0, count)) {
    entries.push({ offset: BigInt(entries.length), timestampMs: FIRST_ROUND_MS, key, value, headers });
  }
}

/** Retention deletes all that is there. */
function expireAll(broker: MadeUpBroker): void {
  for (const partition of broker.partitions) partition.earliest = partition.entries.length;
}

let minutes = 0;

/** One run, a minute after the one before. */
function run(broker: MadeUpBroker, storeOf: StoreOf): Promise<ProcessSummary> {
  return runProcess({ broker, storeOf, startMs: FIRST_ROUND_MS + 60_000 * minutes++ });
}

function figures({ run }: ProcessSummary) {
  const { offsets, landed, expired, gaps } = run?.account ?? { offsets: 0, landed: 0, expired: 0, gaps: 0 };
  return { offsets, landed, expired, gaps, newly: run?.newlyExpired, lag: run?.lag };
}

async function passes(storeOf: StoreOf): Promise<boolean | undefined> {
  const runs = await openTable(storeOf(TABLE_PATHS.runs), { clock: () => 0, ids: () => "none" });
  const run = await readNewestRun(runs);
  return run === null ? undefined : evaluateRun(run).passed;
}

Deno.test("messages that came and went between two runs on an empty topic are missed: the first run noted its start", async () => {
  const broker = new MadeUpBroker(1);
  const storeOf = memoryFolder();
  assertEquals(figures(await run(broker, storeOf)).offsets, 0);
  publish(broker, 60);
  expireAll(broker);
  const found = await run(broker, storeOf);
  assertEquals(figures(found), { offsets: 60, landed: 0, expired: 60, gaps: 0, newly: 60, lag: 0 });
  assertEquals(await passes(storeOf), false);
  assertStringIncludes(describeLoss(found) ?? "", "60 offsets expired");
  publish(broker, 10);
  const later = await run(broker, storeOf);
  assertEquals(figures(later), { offsets: 70, landed: 10, expired: 60, gaps: 0, newly: 0, lag: 0 });
  assertEquals([await passes(storeOf), describeLoss(later)], [true, null]);
});

Deno.test("what expired behind landed messages fails the run that finds it, though nothing is left to read", async () => {
  const broker = new MadeUpBroker(1);
  const storeOf = memoryFolder();
  publish(broker, 60);
  await run(broker, storeOf);
  publish(broker, 60);
  expireAll(broker);
  const found = await run(broker, storeOf);
  assertEquals(figures(found), { offsets: 120, landed: 60, expired: 60, gaps: 0, newly: 60, lag: 0 });
  assertEquals(await passes(storeOf), false);
  assertEquals(figures(await run(broker, storeOf)).newly, 0);
  assertEquals(await passes(storeOf), true);
});

Deno.test("a log that had lost its beginning before it was first seen has lost nothing of ours", async () => {
  const broker = new MadeUpBroker(1);
  const storeOf = memoryFolder();
  publish(broker, 60);
  expireAll(broker);
  assertEquals(figures(await run(broker, storeOf)).offsets, 0);
  publish(broker, 5);
  assertEquals(figures(await run(broker, storeOf)), {
    offsets: 5,
    landed: 5,
    expired: 0,
    gaps: 0,
    newly: 0,
    lag: 0,
  });
});

Deno.test("markers are gaps: no loss, nothing waiting, and no message is read twice for them", async () => {
  const broker = new MadeUpBroker(1);
  const storeOf = memoryFolder();
  publish(broker, 10);
  broker.partitions[0]?.entries.push(null, null);
  const first = await run(broker, storeOf);
  assertEquals(figures(first), { offsets: 12, landed: 10, expired: 0, gaps: 2, newly: 0, lag: 0 });
  broker.partitions[0]?.entries.push(null);
  const second = await run(broker, storeOf);
  assertEquals([figures(second).gaps, second.batches, second.messages], [3, 1, 0]);
  assertEquals([await passes(storeOf), (await run(broker, storeOf)).batches], [true, 0]);
});

Deno.test("progress counts what still waits, gaps included, down to nothing", async () => {
  const broker = new MadeUpBroker(1);
  publish(broker, 10);
  const entries: (LogRecord | null)[] = broker.partitions[0]?.entries ?? [];
  for (let i = 0; i < 2990; i++) entries.push(null);
  const waiting: number[] = [];
  await runProcess({
    broker,
    storeOf: memoryFolder(),
    maxBatchBytes: 1,
    onBatch: (left) => waiting.push(left),
  });
  assertEquals([waiting.length > 1, (waiting[0] ?? 0) > 2990, waiting.at(-1)], [true, true, 0]);
});

Deno.test("offsets that the broker does not show are no gaps: the next run asks for them again", async () => {
  const broker = new MadeUpBroker(1);
  const storeOf = memoryFolder();
  publish(broker, 10);
  broker.partitions[0]?.entries.push(null, null, null);
  broker.hidesTail = true;
  const first = await run(broker, storeOf);
  assertEquals(figures(first), { offsets: 10, landed: 10, expired: 0, gaps: 0, newly: 0, lag: 3 });
  // It was slow, and had a message there all the time.
  publish(broker, 1);
  const [hidden] = broker.partitions[0]?.entries.splice(-1) ?? [];
  broker.partitions[0]?.entries.splice(11, 1, hidden ? { ...hidden, offset: 11n } : null);
  broker.hidesTail = false;
  assertEquals(figures(await run(broker, storeOf)), {
    offsets: 13,
    landed: 11,
    expired: 0,
    gaps: 2,
    newly: 0,
    lag: 0,
  });
});

/** The broker, in which something happens once, before it is read for the first time. */
function beforeReading(broker: Broker, happen: () => Promise<unknown>): Broker {
  let hasHappened = false;
  return wrapBroker(broker, {
    async *read(topic, ranges, options) {
      if (!hasHappened) {
        hasHappened = true;
        await happen();
      }
      yield* broker.read(topic, ranges, options);
    },
  });
}

/** The broker, in which something happens once, between the first chunk of a read and the next. */
function whileReading(broker: Broker, happen: () => Promise<unknown>): Broker {
  let hasHappened = false;
  return wrapBroker(broker, {
    async *read(topic, ranges) {
      for await (const chunk of broker.read(topic, ranges, { maxChunkBytes: 20_000 })) {
        yield chunk;
        if (hasHappened) continue;
        hasHappened = true;
        await happen();
      }
    },
  });
}

Deno.test("messages that another process has landed, and the broker forgot, while they were read are no loss", async () => {
  await using broker = await brokerWith(ROUND);
  const folder = memoryFolder();
  const startMs = FIRST_ROUND_MS + 60_000;
  const other = () => runProcess({ broker, storeOf: folder, keepMessagesMs: 0, startMs });
  const mine = await runProcess({
    broker: whileReading(broker, other),
    storeOf: folder,
    startMs: startMs + 60_000,
  });
  assertEquals(mine.outcome, "done");
  assertEquals(figures(mine), {
    offsets: ROUND.length,
    landed: ROUND.length,
    expired: 0,
    gaps: 0,
    newly: 0,
    lag: 0,
  });
  assertEquals(await passes(folder), true);
});

Deno.test("messages that another process has landed, and the broker forgot, while the log was compared are no loss", async () => {
  await using broker = await brokerWith(ROUND);
  const folder = memoryFolder();
  const startMs = FIRST_ROUND_MS + 60_000;
  await runProcess({ broker, storeOf: folder, startMs });
  await broker.publish(TOPIC, makeRound(60, 1, FIRST_ROUND_MS + 30_000));
  const other = () => runProcess({ broker, storeOf: folder, keepMessagesMs: 0, startMs: startMs + 60_000 });
  const mine = await runProcess({
    broker: beforeReading(broker, other),
    storeOf: folder,
    startMs: startMs + 120_000,
  });
  const { landed, expired, lag } = figures(mine);
  assertEquals([mine.outcome, landed, expired, lag], ["done", 2 * ROUND.length, 0, 0]);
  assertEquals(await passes(folder), true);
});

Deno.test("messages that retention takes while they are read are told by that run, with all others in", async () => {
  await using broker = await brokerWith(ROUND);
  const folder = memoryFolder();
  const retention = async () => {
    const offsets = await broker.topicOffsets(TOPIC);
    const before = new Map(offsets.map(({ partition, end }) => [partition, end - 2n]));
    await broker.forget(TOPIC, { before, olderThanMs: Infinity });
  };
  const run = await runProcess({
    broker: whileReading(broker, retention),
    storeOf: folder,
    maxBatchBytes: 1,
  });
  const { offsets, landed, expired, newly, lag } = figures(run);
  assertEquals([offsets, lag, newly], [ROUND.length, 0, expired]);
  assertEquals(landed + expired, ROUND.length);
  assertEquals([expired > 0, landed >= 6], [true, true]);
  assertStringIncludes(describeLoss(run) ?? "", `${expired} offsets expired`);
});
