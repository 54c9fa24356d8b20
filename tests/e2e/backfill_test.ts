/** `backfill` as a process with its own rights, against the simulator's living world, killed at any moment. */
import { assert, assertEquals, assertGreater, assertMatch, assertStringIncludes } from "@std/assert";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { heartbeatPath, livenessOf, readHeartbeat } from "../../lib/follow/heartbeat.ts";
import { encodeTrainMessage } from "../../lib/train/train_message.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { departureDay } from "../../lib/simulator/world/departure_day.ts";
import type { SimulatedTrain } from "../../lib/simulator/observe_train.ts";
import { worldTrains } from "../../lib/simulator/world/world_trains.ts";
import { runAndKill } from "../pipeline/kill_script.ts";
import { brokerWith, memoryFolder, runProcess, TOPIC } from "../pipeline/process_rig.ts";
import { readContent } from "../pipeline/table_content.ts";
import { DataFolder, endOf, runScript, startScript } from "./script_process.ts";

const WORLD = { seed: 6, trains: 30 };
const NOW_MS = Date.parse("2025-04-20T12:00:00Z");
const RANGE = { from: "2025-02-25", to: "2025-03-04" };
const ARGS = ["--from", RANGE.from, "--to", RANGE.to];
const KILLS = Number(Deno.env.get("RATALAKE_KILLS") ?? 2);
const SEED = Number(Deno.env.get("RATALAKE_KILL_SEED") ?? 1);

function serveWorld() {
  return serveSimulator({ ...WORLD, clock: () => NOW_MS, world: {} });
}

/** The rows that the tables must have: those of trains, each published once. */
async function rowsOf(trains: Iterable<SimulatedTrain>): Promise<readonly string[]> {
  const origin = { source: "world", fetchedAtMs: NOW_MS };
  const messages = [...trains].map((train) =>
    encodeTrainMessage(new TextEncoder().encode(JSON.stringify(train)), { identity: train, origin })
  );
  await using broker = await brokerWith(messages);
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  return (await readContent(storeOf)).standard.map(withoutOrigin).sort();
}

/** What archives have: no deleted trains, and the others as they were when the archive was made. */
function* archivedTrains(): Generator<SimulatedTrain> {
  for (
    const [from, to, madeOn] of [[RANGE.from, "2025-02-28", "2025-03-05"], [
      "2025-03-01",
      RANGE.to,
      "2025-04-05",
    ]] as const
  ) {
    const atMs = departureDay(madeOn).momentMs(0);
    for (const train of worldTrains(WORLD, { from, to, atMs })) if (train.deleted !== true) yield train;
  }
}

/** Where and when a row came from is another thing. */
function withoutOrigin(row: string): string {
  const { kafkaMessageTimestamp: _time, kafkaPartition: _partition, kafkaOffset: _offset, ...rest } = JSON
    .parse(row);
  return JSON.stringify(rest);
}

for (
  const [name, flags, trainsOf] of [
    ["by date", [], () => worldTrains(WORLD, { ...RANGE, atMs: NOW_MS })],
    ["from archives", ["--archives"], archivedTrains],
  ] as const
) {
  Deno.test(`a back-fill ${name} that is killed again and again ends with tables that hold exactly the world's trains`, async () => {
    await using folder = new DataFolder();
    await using server = serveWorld();
    const env = { DATA_DIR: folder.path, KAFKA_TOPIC: TOPIC, DIGITRAFFIC_URL: server.url };
    const random = seededRandom(SEED, 12);
    for (let kill = 0; kill < KILLS; kill++) {
      const afterChanges = 5 + Math.floor(random() * 60);
      await runAndKill("backfill", [...ARGS, ...flags], { folder, env, afterChanges });
    }
    const { code, out, err } = await runScript("backfill", [...ARGS, ...flags, "--json"], env);
    assertEquals([code, err], [0, ""]);
    const summary = JSON.parse(out);
    assertEquals([summary.before + summary.done, summary.failed, summary.left], [8, [], 0]);
    const processed = await runScript("process", [], env);
    assertEquals([processed.code, processed.err], [0, ""]);
    const { standard, wrong } = await readContent(folder.storeOf);
    const expected = await rowsOf(trainsOf());
    assertGreater(expected.length, 1_000);
    assertEquals(wrong, []);
    const rows = standard.map(withoutOrigin).sort();
    // One row is enough to see what is wrong.
    assertEquals(rows.find((row, at) => row !== expected[at]), undefined);
    assertEquals(rows.length, expected.length);
  });
}

Deno.test("SIGTERM ends it between two chunks with 143; the second of a folder waits for the first", async () => {
  await using folder = new DataFolder();
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    onAsked();
    // Trains that never end.
    let trainNumber = 0;
    return new Response(
      new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          const train = { trainNumber: ++trainNumber, departureDate: RANGE.from };
          controller.enqueue(
            new TextEncoder().encode(`${trainNumber === 1 ? "[" : ","}${JSON.stringify(train)}`),
          );
        },
      }),
    );
  });
  const env = {
    DATA_DIR: folder.path,
    DIGITRAFFIC_URL: `http://127.0.0.1:${server.addr.port}/api/v1`,
    KAFKA_TOPIC: TOPIC,
  };
  await using first = await startScript("backfill", ARGS, env);
  await asked;
  await using second = await startScript("backfill", ARGS, env);
  let told = "";
  for await (const text of second.stderr.pipeThrough(new TextDecoderStream(), { preventCancel: true })) {
    told += text;
    if (told.includes("\n")) break;
  }
  assertStringIncludes(told.replaceAll(/\s+/g, " "), `Waiting: process ${first.pid} on `);
  second.kill("SIGTERM");
  assertEquals((await second.status).code, 143);
  await second.stdout.cancel();
  first.kill("SIGTERM");
  const { code, out } = await endOf(first);
  assertEquals(code, 143);
  assertMatch(out, /^Back-filled 8 days: 0 done, 8 left; .* The same command goes on from here\.\n$/);
  const beat = await readHeartbeat(folder.file(heartbeatPath("", "backfill").slice(1)));
  assert(beat !== null && livenessOf(beat, Date.now()) === "ended");
});

Deno.test("what is missing is told without a request, and wrong ranges are refused together", async () => {
  await using folder = new DataFolder();
  const env = { DATA_DIR: folder.path, DIGITRAFFIC_URL: "http://127.0.0.1:9/api/v1", KAFKA_TOPIC: TOPIC };
  const plan = await runScript("backfill", [...ARGS, "--dry-run", "--archives"], env);
  assertEquals([plan.code, plan.err], [0, ""]);
  assertEquals(
    plan.out,
    "8 days: 8 days missing (2025-02-25 to 2025-03-04), 2 requests (2 monthly archives)\n",
  );
  const json = await runScript("backfill", [
    "--from",
    RANGE.from,
    "--to",
    "2025-02-26",
    "--dry-run",
    "--json",
  ], env);
  assertEquals(JSON.parse(json.out), {
    days: 2,
    before: 0,
    missing: ["2025-02-25", "2025-02-26"],
    requests: 2,
  });
  assertEquals([...Deno.readDirSync(folder.file(""))], []);
  const wrong = await runScript("backfill", ["--from", "2025-02-30", "--jobs", "9"], env);
  assertEquals(wrong.code, 2);
  for (
    const text of [
      '"--from": found "2025-02-30"',
      '"--to": found nothing',
      '"--jobs": found "9", expected a whole',
    ]
  ) {
    assertStringIncludes(wrong.err, text);
  }
  const range = await runScript("backfill", ["--from", "2999-02-03", "--to", "2999-02-02"], env);
  assertEquals(range.code, 2);
  assertStringIncludes(range.err, "found a first date after the last");
  assertStringIncludes(range.err, "expected a date up to tomorrow");
});

Deno.test("days that cannot be fetched are named, and the exit code is 1", async () => {
  await using folder = new DataFolder();
  await using server = serveWorld();
  const env = { DATA_DIR: folder.path, DIGITRAFFIC_URL: server.url, KAFKA_TOPIC: TOPIC };
  server.failNext("404");
  // With one request at a time the first that arrives is that of the first day.
  const args = ["--from", RANGE.from, "--to", "2025-02-26", "--jobs", "1"];
  const { code, out, err } = await runScript("backfill", args, env);
  assertEquals(code, 1);
  assertMatch(out, /^Back-filled 2 days: 1 done, 1 failed \(2025-02-25\); /);
  assertMatch(err, /error +backfill: 2025-02-25: Cannot fetch .*: status 404/);
  await using broker = await openEmbeddedBroker({ path: folder.file("broker.db"), clock: () => NOW_MS });
  const records = (await broker.topicOffsets(TOPIC)).reduce((sum, { end }) => sum + end, 0n);
  assertEquals(
    Number(records),
    [...worldTrains(WORLD, { from: "2025-02-26", to: "2025-02-26", atMs: NOW_MS })].length,
  );
});
