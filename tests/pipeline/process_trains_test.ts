/** The pipeline from the broker to the tables: what must hold for any log, any order and any batches. */

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { BrokerError } from "../../lib/errors.ts";
import { OTHER_LOG_ADVICE } from "../../lib/pipeline/check_log.ts";
import { processTrains } from "../../lib/pipeline/process_trains.ts";
import { openLake } from "../../lib/tables/lake.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { describeProcess, type ProcessSummary } from "../../lib/pipeline/process_summary.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { readNewestRun } from "../../lib/quality/results/run_history.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { gatedStore } from "./gated_store.ts";
import { FIRST_ROUND_MS, makeLog, makeRound, shuffled, trainMessage } from "./made_up_log.ts";
import { MadeUpBroker } from "./made_up_broker.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC, wrapBroker } from "./process_rig.ts";
import { readContent, withoutPlace } from "./table_content.ts";

const LOG = makeLog({ trains: 5 });

function accountOf({ run }: ProcessSummary) {
  assert(run !== null);
  const { account: { offsets, landed, accepted, duplicate, stale, quarantined, standardRows } } = run;
  return { offsets, landed, accepted, duplicate, stale, quarantined, standardRows };
}

async function newestEvaluation(storeOf: StoreOf) {
  const runs = await openTable(storeOf(TABLE_PATHS.runs), { clock: () => 0, ids: () => "none" });
  const run = await readNewestRun(runs);
  assert(run !== null);
  return evaluateRun(run);
}

Deno.test("the same trains published and processed again are duplicates, and the table stays as it is", async () => {
  const round = makeRound(8, 3, FIRST_ROUND_MS);
  await using broker = await brokerWith(round);
  const folder = memoryFolder();
  const first = accountOf(await runProcess({ broker, storeOf: folder }));
  const { standard } = await readContent(folder);
  assertEquals([first.accepted, first.duplicate, first.standardRows], [8, 0, standard.length]);
  await broker.publish(TOPIC, round);
  const second = accountOf(await runProcess({ broker, storeOf: folder }));
  assertEquals(second, { ...first, offsets: 16, landed: 16, duplicate: 8 });
  assertEquals((await readContent(folder)).standard, standard);
});

Deno.test("a run with nothing new ingests nothing, asks for no message but those it knows the log by, and measures the same", async () => {
  await using broker = await brokerWith(LOG);
  const folder = memoryFolder();
  const first = await runProcess({ broker, storeOf: folder });
  const before = await readContent(folder);
  const asked: (readonly bigint[])[] = [];
  const watched = wrapBroker(broker, {
    read: (topic, ranges, options) => {
      asked.push(ranges.map(({ from, to }) => to - from));
      return broker.read(topic, ranges, options);
    },
  });
  const second = await runProcess({ broker: watched, storeOf: folder });
  assert(asked.length > 0 && asked.every((counts) => counts.length > 0));
  assertEquals(new Set(asked.flat()), new Set([1n]));
  assertEquals([second.batches, second.messages, second.caughtUp], [0, 0, 0]);
  assertEquals(accountOf(second), accountOf(first));
  assertEquals(await readContent(folder), before);
});

/** The log with a source that was set up anew in it: half of its trains come again, with versions that are lower by far. */
const REBASED: readonly Message[] = [
  ...LOG,
  ...makeRound(5, 1, FIRST_ROUND_MS).filter((_, at) => at % 2 === 0).map(({ value }) => {
    const train = JSON.parse(new TextDecoder().decode(value ?? undefined));
    return trainMessage({ ...train, version: train.version % 1000, anew: true }, FIRST_ROUND_MS, {
      sourceEpoch: 1,
    });
  }),
];

Deno.test("where batches and chunks end makes no difference, also where a source was set up anew", async () => {
  await using broker = await brokerWith(REBASED);
  const whole = memoryFolder();
  await runProcess({ broker, storeOf: whole, maxBatchBytes: 1e9 });
  const expected = await readContent(whole);
  assertEquals(expected.wrong, []);
  const random = seededRandom(21);
  for (let round = 0; round < 3; round++) {
    const folder = memoryFolder();
    const chunkBytes = 5_000 + Math.floor(random() * 100_000), maxBatchBytes = 5_000 + random() * 200_000;
    await runProcess({ broker, storeOf: folder, chunkBytes, maxBatchBytes });
    assertEquals({ chunkBytes, ...await readContent(folder) }, { chunkBytes, ...expected });
  }
});

Deno.test("messages in any order and any repetition give the same standard table, that of the newest epoch", async () => {
  await using broker = await brokerWith(REBASED);
  const inOrder = memoryFolder();
  await runProcess({ broker, storeOf: inOrder });
  const expected = withoutPlace((await readContent(inOrder)).standard);
  const anew = expected.map((row) => JSON.parse(row)).filter(({ sourceEpoch }) => sourceEpoch !== null);
  assertEquals(new Set(anew.map(({ trainNumber }) => trainNumber)).size, REBASED.length - LOG.length);
  assert(anew.every(({ version }) => Number.parseInt(String(version)) < 1000));
  const random = seededRandom(22);
  for (let round = 0; round < 3; round++) {
    const repeated: Message[] = REBASED.flatMap((message) => random() < 0.3 ? [message, message] : [message]);
    // Without a key a train's messages spread over all partitions.
    const messages = shuffled(repeated, random).map((message) =>
      round < 1 ? { ...message, key: null } : message
    );
    await using other = await brokerWith(messages, 1 + round);
    const folder = memoryFolder();
    await runProcess({ broker: other, storeOf: folder, chunkBytes: 30_000, maxBatchBytes: 50_000 });
    const content = await readContent(folder);
    assertEquals([round, content.wrong], [round, []]);
    assertEquals(withoutPlace(content.standard), expected);
  }
});

Deno.test("every message is accounted for, and the newest run says so", async () => {
  await using broker = await brokerWith(LOG);
  const folder = memoryFolder();
  const summary = await runProcess({ broker, storeOf: folder });
  const account = accountOf(summary);
  const { quarantine, standard } = await readContent(folder);
  assertEquals([account.offsets, account.landed], [LOG.length, LOG.length]);
  assertEquals([account.quarantined, account.standardRows], [quarantine.length, standard.length]);
  assertEquals([account.quarantined, account.duplicate > 0, account.stale > 0], [7, true, true]);
  assertEquals(summary.run?.schemaDrift, { "$.new": 1 });
  const { equations, passed } = await newestEvaluation(folder);
  assertEquals([equations.every(({ holds }) => holds), passed], [true, true]);
});

Deno.test("a run that is asked to stop finishes its batch, and the next run ingests the rest", async () => {
  await using broker = await brokerWith(LOG);
  const undisturbed = memoryFolder();
  await runProcess({ broker, storeOf: undisturbed });
  const folder = memoryFolder();
  const stop = new AbortController();
  const sizes = { chunkBytes: 10_000, maxBatchBytes: 10_000 };
  const first = await runProcess({
    broker,
    storeOf: folder,
    ...sizes,
    signal: stop.signal,
    onBatch: () => stop.abort(),
  });
  assertEquals([first.outcome, first.batches, first.run], ["interrupted", 1, null]);
  const second = await runProcess({ broker, storeOf: folder, ...sizes });
  assertEquals([second.outcome, first.messages + second.messages], ["done", LOG.length]);
  assertEquals(await readContent(folder), await readContent(undisturbed));
});

Deno.test("a run that is asked to stop while it catches up finishes its batch, and the next run merges the rest", async () => {
  // More than one chunk, however small they are.
  const tiny = Array.from({ length: 4200 }, () => ({ key: "k", value: new Uint8Array(2), headers: {} }));
  await using broker = await brokerWith(tiny, 1);
  const folder = memoryFolder();
  const failing: StoreOf = (path) =>
    gatedStore(folder(path), ({ operation, path: file, when }) => {
      const isCommit = path === TABLE_PATHS.standard && operation === "putIfAbsent" && when === "before";
      if (isCommit && file.endsWith("1.json")) throw new Error("crash");
    });
  await assertRejects(() => runProcess({ broker, storeOf: failing, maxBatchBytes: 1e9 }), Error, "crash");
  const stop = new AbortController();
  const stopping: StoreOf = (path) =>
    gatedStore(folder(path), ({ operation, when }) => {
      if (path === TABLE_PATHS.standard && operation === "putIfAbsent" && when === "after") stop.abort();
    });
  const small = { maxBatchBytes: 1_000_000 };
  const stopped = await runProcess({ broker, storeOf: stopping, signal: stop.signal, ...small });
  assertEquals([stopped.outcome, stopped.caughtUp], ["interrupted", 4096]);
  const rest = await runProcess({ broker, storeOf: folder, ...small });
  assertEquals([rest.caughtUp, rest.run?.account.landed], [104, 4200]);
  assertEquals((await readContent(folder)).wrong, []);
});

Deno.test("memory is released between any two batches, and the group's offsets are committed at the end", async () => {
  await using broker = await brokerWith(LOG);
  let released = 0;
  const sizes = { chunkBytes: 10_000, maxBatchBytes: 10_000, onRelease: () => void released++ };
  const { batches } = await runProcess({ broker, storeOf: memoryFolder(), ...sizes });
  assert(batches > 3);
  assertEquals(released, batches - 1);
  const ends = (await broker.topicOffsets(TOPIC)).map(({ partition, end }) => [partition, end] as const);
  assertEquals(await broker.committedOffsets("test", TOPIC), new Map(ends));
});

Deno.test("a broker that takes no offsets for its groups fails no run that is done", async () => {
  await using broker = await brokerWith(LOG);
  const refusing = wrapBroker(broker, { commitOffsets: () => Promise.reject(new BrokerError("no")) });
  assertEquals((await runProcess({ broker: refusing, storeOf: memoryFolder() })).outcome, "done");
});

Deno.test("processes that are always faster end a run with an error that names the table, not with a loop", async () => {
  const broker = new MadeUpBroker(1);
  broker.partitions[0]?.entries.push({
    offset: 0n,
    timestampMs: FIRST_ROUND_MS,
    key: null,
    value: new Uint8Array(2),
    headers: {},
  });
  const context = { clock: () => FIRST_ROUND_MS, ids: () => "only" };
  const lake = await openLake(memoryFolder(), { topic: TOPIC, ...context });
  let attempts = 0;
  // A pipeline without a limit would try for ever.
  const ingest = () =>
    ++attempts > 500 ? Promise.reject(new Error("tried 500 times")) : Promise.resolve("overtaken");
  Object.assign(lake.landing, { ingest });
  const error = await assertRejects(
    () =>
      processTrains({ broker, lake, group: "test" }, {
        limits: { maxBatchBytes: 1e6 },
        surroundings: {
          ...context,
          monotonic: () => 0,
          signal: new AbortController().signal,
          releaseMemory: () => Promise.resolve(),
        },
      }),
    Error,
    "retention, was faster 100 times",
  );
  assertStringIncludes(error.message, TABLE_PATHS.standard);
});

Deno.test("a log that begins late counts from where it begins, also after a crash", async () => {
  await using broker = await brokerWith(LOG, 1);
  const late = {
    ...broker,
    topicOffsets: async (topic: string) => {
      return (await broker.topicOffsets(topic)).map((offsets) => ({ ...offsets, earliest: 5n }));
    },
  };
  const folder = memoryFolder();
  const failing: StoreOf = (path) =>
    gatedStore(folder(path), ({ operation, path: file, when }) => {
      const isFirst = path === TABLE_PATHS.standard && file.endsWith("1.json");
      if (isFirst && operation === "putIfAbsent" && when === "before") throw new Error("crash");
    });
  await assertRejects(() => runProcess({ broker: late, storeOf: failing }), Error, "crash");
  const summary = await runProcess({ broker: late, storeOf: folder });
  assert(summary.caughtUp > 0);
  assertEquals([accountOf(summary).offsets, accountOf(summary).landed], [LOG.length - 5, LOG.length - 5]);
  assertEquals((await readContent(folder)).wrong, []);
});

Deno.test("before there is a topic, and without tables that know one, nothing is recorded", async () => {
  const folder = memoryFolder();
  const summary = await runProcess({ broker: new MadeUpBroker(0), storeOf: folder });
  assertEquals([summary.outcome, summary.messages, summary.run], ["no topic", 0, null]);
  assertMatch(describeProcess(summary), /the topic does not exist yet; `deno task fetch` or/);
  const runs = await openTable(folder(TABLE_PATHS.runs), { clock: () => 0, ids: () => "none" });
  assertEquals(await readNewestRun(runs), null);
});

Deno.test("a topic that is not there fails when the tables know it, or another: the name may be mistyped", async () => {
  await using broker = await brokerWith(LOG);
  const folder = memoryFolder();
  await runProcess({ broker, storeOf: folder });
  const before = await readContent(folder);
  for (
    const [topic, advice] of [[TOPIC, OTHER_LOG_ADVICE], ["trians", `the tables hold "${TOPIC}"`]] as const
  ) {
    const error = await assertRejects(
      () => runProcess({ broker: new MadeUpBroker(0), storeOf: folder, topic }),
      BrokerError,
      `Cannot process topic "${topic}": found no such topic in made up`,
    );
    assertStringIncludes(error.message, advice);
  }
  assertEquals(await readContent(folder), before);
});
