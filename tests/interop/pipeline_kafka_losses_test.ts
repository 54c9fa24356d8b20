/** What becomes of a topic on a real Kafka behind the back of the pipeline, and what `process`, `report` and `status` say of it. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

import { openBroker } from "../../lib/broker/open_broker.ts";
import { OTHER_LOG_ADVICE } from "../../lib/pipeline/check_log.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { startProxy } from "./kafka_proxy.ts";
import { type KafkaServer, startKafka, whyNoKafka } from "./kafka_server.ts";
import { type KafkaTopicRig, makeTopicRig, RIG_NOW_MS } from "./kafka_topic_rig.ts";
import { testUnless } from "./test_unless.ts";

testUnless(await whyNoKafka(), {
  name: "whatever happens to a topic on Kafka is counted or refused, and told by process, report and status",
  fn: async (t) => {
    await using kafka = await startKafka();
    for (const [name, check] of Object.entries(CHECKS)) await t.step(name, () => check(kafka));
  },
});

const CHECKS: Readonly<Record<string, (kafka: KafkaServer) => Promise<void>>> = {
  "messages that came and went before the first landing are a loss of the run that finds them":
    lostBeforeLanding,
  "messages that went behind landed ones are a loss, though nothing new is there": lostBehindLanded,
  "markers of transactions are gaps: no loss, nothing waiting, and no wait for them": markers,
  "what compaction removed after landing or before is no loss, and the log stays known": compacted,
  "partitions that are added are ingested from their first offset": addedPartitions,
  "a topic that was made anew is refused with both ways out, whatever it holds": madeAnew,
  "fetch publishes all trains again to a topic that was made anew": fetchedAnew,
  "a topic that is mistyped or gone records nothing": missingTopics,
  "a broker that dies inside an answer costs a run at most, and no message": cutAnswers,
};

async function lostBeforeLanding(kafka: KafkaServer): Promise<void> {
  await using rig = await makeTopicRig(kafka, { topic: "early" });
  assertEquals(await rig.say("process"), done("0 messages", { batches: 0 }));
  await rig.log.publish(60);
  await rig.log.deleteRecords(60);
  assertEquals(await processAndReport(rig), {
    process: [1, `TIMEZ error   process: ${expired(60)}\n`],
    report: [3, "FAILED", ["O4", "O1"], "60 offsets = 0 landed + 60 expired + 0 gaps"],
    status: [[0, 0, 60, 0, 0], "- `deno task report` says why the last run failed"],
  });
  await rig.log.publish(10);
  assertEquals(await processAndReport(rig), {
    process: [0, ""],
    report: [0, "PASSED", [], "70 offsets = 10 landed + 60 expired + 0 gaps"],
    status: [[0, 10, 60, 0, 0], NOTHING_TO_DO],
  });
}

async function lostBehindLanded(kafka: KafkaServer): Promise<void> {
  await using rig = await makeTopicRig(kafka, { topic: "behind" });
  await rig.log.publish(60);
  assertEquals((await rig.say("process")).code, 0);
  await rig.log.publish(60);
  await rig.log.deleteRecords(120);
  assertEquals((await readStatus(rig))[0], [0, 60, 60, 0, 0]);
  assertEquals(await processAndReport(rig), {
    process: [1, `TIMEZ error   process: ${expired(60)}\n`],
    report: [3, "FAILED", ["O4"], "120 offsets = 60 landed + 60 expired + 0 gaps"],
    status: [[0, 60, 60, 0, 0], "- `deno task report` says why the last run failed"],
  });
  assertEquals(await processAndReport(rig), {
    process: [0, ""],
    report: [0, "PASSED", [], "120 offsets = 60 landed + 60 expired + 0 gaps"],
    status: [[0, 60, 60, 0, 0], NOTHING_TO_DO],
  });
}

async function markers(kafka: KafkaServer): Promise<void> {
  await using rig = await makeTopicRig(kafka, { topic: "markers" });
  await rig.log.publishInTransaction(2, "abort");
  const marked = await rig.say("process");
  // A wait for what the broker does not show would be warned about.
  assertEquals(marked, done("0 messages", { batches: 1 }));
  assertEquals((await readStatus(rig))[0], [0, 0, 0, 3, 0]);
  await rig.log.publishInTransaction(3, "commit");
  await rig.log.publish(2);
  await rig.log.publishInTransaction(2, "abort");
  assertEquals(await processAndReport(rig), {
    process: [0, ""],
    report: [0, "PASSED", [], "12 offsets = 5 landed + 0 expired + 7 gaps"],
    status: [[0, 5, 0, 7, 0], NOTHING_TO_DO],
  });
  const again = await rig.say("process");
  assertEquals([again.code, again.err], [0, ""]);
  assertMatch(again.out, /^0 messages ingested in 0 batches; in all 5 accepted/);
}

async function compacted(kafka: KafkaServer): Promise<void> {
  const config = {
    "cleanup.policy": "compact",
    "segment.ms": "100",
    "min.cleanable.dirty.ratio": "0.001",
    "max.compaction.lag.ms": "100",
  };
  await using rig = await makeTopicRig(kafka, { topic: "compacted", config });
  await rig.log.publish(20);
  assertEquals((await rig.say("process")).code, 0);
  // All that landing knows the log by is removed but train 7; so are new messages before they are landed.
  const others = Array.from({ length: 20 }, (_, number) => number).filter((number) => number !== 7);
  for (let time = 0; time < 2; time++) await rig.log.publishAgain(others);
  // Of a later time, so that it opens another segment; the newest one is never compacted.
  await rig.log.publish(1);
  await untilHolds(kafka, rig.log.topic, 21);
  assertEquals(await processAndReport(rig), {
    process: [0, ""],
    report: [0, "PASSED", [], "59 offsets = 40 landed + 0 expired + 19 gaps"],
    status: [[0, 40, 0, 19, 0], NOTHING_TO_DO],
  });
}

async function addedPartitions(kafka: KafkaServer): Promise<void> {
  await using rig = await makeTopicRig(kafka, { topic: "added" });
  await rig.log.publish(20);
  assertEquals((await rig.say("process")).code, 0);
  await rig.log.addPartitions(3);
  await rig.log.publish(4, 1);
  // Deleted before any run has seen the partition: it began at 0 all the same.
  await rig.log.publish(3, 2);
  await rig.log.deleteRecords(2, 2);
  assertEquals(await processAndReport(rig), {
    process: [1, `TIMEZ error   process: ${expired(2)}\n`],
    report: [3, "FAILED", ["O4"], "27 offsets = 25 landed + 2 expired + 0 gaps"],
    status: [[0, 25, 2, 0, 0], "- `deno task report` says why the last run failed"],
  });
}

async function madeAnew(kafka: KafkaServer): Promise<void> {
  await using rig = await makeTopicRig(kafka, { topic: "anew" });
  await rig.log.publish(20);
  assertEquals((await rig.say("process")).code, 0);
  const lastRun = await readReport(rig);
  const ends = (end: number) =>
    `Cannot resume topic "anew" partition 0 from kafka HOST: the tables are at offset 20, the log ends at ${end}, ` +
    "expected the log that filled these tables";
  const other = (found: string, offset: number) =>
    'Cannot resume topic "anew" from kafka HOST: this is another log than the one of these tables (emptied, ' +
    `restored or made anew): found ${found} at partition 0 offset ${offset}, expected one of TIME, which the tables have`;
  const logs: readonly (readonly [expected: string, fill: () => Promise<void>])[] = [
    [ends(0), () => Promise.resolve()],
    [ends(5), () => rig.log.publish(5)],
    [other("one of TIME", 19), () => rig.log.publish(20)],
    [other("one of TIME", 19), () => rig.log.publish(25)],
    [other("one of TIME", 0), async () => {
      // Messages at even offsets, markers at odd ones.
      for (let each = 0; each < 11; each++) await rig.log.publishInTransaction(1, "commit");
    }],
    [other("nothing", 19), async () => {
      await rig.log.publishInTransaction(22, "abort");
      await rig.log.publish(5);
    }],
    [
      other("another message of that time", 19),
      () => rig.log.publishAgain(Array.from({ length: 25 }, (_, number) => number), 2),
    ],
  ];
  for (const [expected, fill] of logs) {
    await rig.log.recreate();
    await fill();
    const refusal = `${expected}; ${OTHER_LOG_ADVICE}`;
    assertEquals(await rig.say("process"), { code: 1, out: "", err: `process: ${refusal}\n` });
    const status = await sayStatus(rig);
    assertStringIncludes(status.out, `\n${refusal}\n`);
    assertStringIncludes(status.out, "\n- see above: `process` refuses this log\n");
    assertEquals(status.code, 0);
  }
  assertEquals(await readReport(rig), lastRun);
}

async function fetchedAnew(kafka: KafkaServer): Promise<void> {
  await using simulator = serveSimulator({ seed: 1, trains: 30, clock: () => RIG_NOW_MS });
  await using rig = await makeTopicRig(kafka, { topic: "fetched", env: { DIGITRAFFIC_URL: simulator.url } });
  const first = await rig.say("fetch");
  assertMatch(first.out, /\b30 .*published/);
  assertMatch((await rig.say("fetch")).out, /\b30 unchanged/);
  await rig.log.recreate();
  // As many messages as were published, so that their number does not tell.
  await rig.log.publish(30);
  const again = await rig.say("fetch");
  assertEquals([again.code, again.out], [0, first.out]);
  assertMatch(again.err, /Publishing all trains again: topic fetched/);
  assertEquals((await rig.say("process")).code, 0);
  assertEquals((await readReport(rig)).slice(0, 4), [
    0,
    "PASSED",
    [],
    "60 offsets = 60 landed + 0 expired + 0 gaps",
  ]);
}

async function missingTopics(kafka: KafkaServer): Promise<void> {
  await using rig = await makeTopicRig(kafka, { topic: "right" });
  await rig.log.publish(20);
  assertEquals((await rig.say("process")).code, 0);
  const runs = (await rig.folder.rows("runs")).length;
  const mistyped =
    'Cannot process topic "rihgt": found no such topic in kafka HOST, expected one that was created ' +
    'before; the tables hold "right" (KAFKA_TOPIC says which is meant)';
  assertEquals(await rig.say("process", "--topic", "rihgt"), {
    code: 1,
    out: "",
    err: `process: ${mistyped}\n`,
  });
  assertStringIncludes((await sayStatus(rig, "--topic", "rihgt")).out, `\n${mistyped}\n`);
  assertMatch((await rig.say("report", "--topic", "rihgt")).out, /^Quality report of right\n/);
  await rig.log.remove();
  const gone =
    'Cannot process topic "right": found no such topic in kafka HOST, expected the one that filled these ' +
    `tables; ${OTHER_LOG_ADVICE}`;
  assertEquals(await rig.say("process"), { code: 1, out: "", err: `process: ${gone}\n` });
  assertStringIncludes((await sayStatus(rig)).out, `\n${gone}\n`);
  assertEquals((await rig.folder.rows("runs")).length, runs);
}

async function cutAnswers(kafka: KafkaServer): Promise<void> {
  await using proxy = startProxy({ port: kafka.proxyPort, to: kafka.proxiedPort });
  await using rig = await makeTopicRig(kafka, { topic: "cut", address: `127.0.0.1:${kafka.proxyPort}` });
  await rig.log.publish(100);
  // While it connects, while it looks at the topic, and among the messages.
  const cuts = [0, 500, 1000, 1500, 20_000, 100_000];
  for (const bytes of cuts) {
    proxy.cutAnswersAfter(bytes);
    const { code, err } = await rig.say("process");
    proxy.heal();
    assert(code === 0 || code === 1, `${code}`);
    assertMatch(
      err,
      code === 0 ? /^(TIMEZ warning .*\n)*$/ : /^(TIMEZ warning .*\n)*process: Cannot [^\n]*\n$/,
    );
    await rig.log.publish(5);
  }
  assertEquals(proxy.cuts, cuts.length);
  assertEquals(await processAndReport(rig), {
    process: [0, ""],
    report: [0, "PASSED", [], "130 offsets = 130 landed + 0 expired + 0 gaps"],
    status: [[0, 130, 0, 0, 0], NOTHING_TO_DO],
  });
}

const NOTHING_TO_DO = "- nothing; `deno task fetch` looks for news";

function expired(offsets: number): string {
  return `${offsets} offsets expired: the broker's retention deleted messages before they were landed; run process ` +
    "more often, or raise the topic's retention. `deno task fetch --full` publishes the live trains again, " +
    "`deno task replay` recorded ones";
}

/** What a run says that has nothing in its tables. */
function done(messages: string, { batches }: { readonly batches: 0 | 1 }) {
  const ingested = `${messages} ingested in ${batches} ${batches === 1 ? "batch" : "batches"}`;
  const out = `${ingested}; in all 0 accepted, 0 duplicate, 0 stale, 0 quarantined; 0 timetable rows\n`;
  return { code: 0, out, err: "" };
}

async function processAndReport(rig: KafkaTopicRig) {
  const { code, err } = await rig.say("process");
  return { process: [code, err], report: (await readReport(rig)).slice(0, 4), status: await readStatus(rig) };
}

/** Exit code, verdict, the rules that failed, the sum of the offsets, and the whole page. */
async function readReport(rig: KafkaTopicRig) {
  const { code, out } = await rig.say("report");
  const [, verdict] = /\n(\w+): [^\n]*\n?$/.exec(out) ?? [];
  const [, lines = ""] = /\nfailed\n((?:\w+ +E .*\n)+)/.exec(out) ?? [];
  const failed = [...lines.matchAll(/^\w+/gm)].map(([rule]) => rule);
  const [account] = /^[\d,]+ offsets = .*$/m.exec(out) ?? [];
  return [code, verdict, failed, account, out];
}

/** What `status` says, each of its lines whole again: it folds them at 80 columns. */
async function sayStatus(rig: KafkaTopicRig, ...args: readonly string[]) {
  const { out, ...rest } = await rig.say("status", ...args);
  return { ...rest, out: out.replaceAll("\n  ", " ") };
}

/** Waiting, landed, expired, gaps and unmerged of all partitions, and what to do next. */
async function readStatus(rig: KafkaTopicRig) {
  const { code, out } = await sayStatus(rig);
  assertEquals(code, 0);
  const [, figures = ""] = /^all +(.*)$/m.exec(out) ?? [];
  return [
    figures.trim().split(/ +/).map(Number),
    out.slice(out.indexOf("\nNext\n") + 6).trimEnd(),
  ];
}

/** Waits until compaction has left so many messages: the broker does it when it comes to it. */
async function untilHolds(kafka: KafkaServer, topic: string, messages: number): Promise<void> {
  const options = { path: "unused", clock: () => RIG_NOW_MS };
  await using broker = await openBroker({
    ...options,
    kafka: { brokers: [kafka.address], clientId: "test" },
  });
  for (let looks = 0; looks < 200; looks++) {
    const offsets = await broker.topicOffsets(topic);
    const ranges = offsets.map(({ partition, earliest, end }) => ({ partition, from: earliest, to: end }));
    const chunks = await Array.fromAsync(broker.read(topic, ranges));
    if (chunks.flatMap(({ records }) => records).length <= messages) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the broker did not compact "${topic}"`);
}
