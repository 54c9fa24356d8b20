/** `process --follow` as real processes: one follows, the second waits, one is killed, one is asked to end. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { heartbeatPath, livenessOf, readHeartbeat } from "../../lib/follow/heartbeat.ts";
import { FIRST_ROUND_MS, makeLog } from "../pipeline/made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, TOPIC } from "../pipeline/process_rig.ts";
import { readContent } from "../pipeline/table_content.ts";
import { FollowLines } from "./follow_lines.ts";
import { DataFolder, runScript, startScript } from "./script_process.ts";

const ARGS = ["--follow", "--json", "--max-age=50ms"];

async function publish(folder: DataFolder, messages: readonly Message[]): Promise<void> {
  await using broker = await openEmbeddedBroker({
    path: folder.file("broker.db"),
    clock: () => FIRST_ROUND_MS,
  });
  await broker.ensureTopic(TOPIC, 3);
  await broker.publish(TOPIC, messages);
}

Deno.test("a second follower says who follows and waits; it takes over from one that was killed, and ends when asked", async () => {
  const log = makeLog({ trains: 20 });
  const third = Math.ceil(log.length / 3);
  await using folder = new DataFolder();
  const env = { DATA_DIR: folder.path, KAFKA_TOPIC: TOPIC };
  await publish(folder, log.slice(0, third));
  const first = await startScript("process", ARGS, env);
  const firstErr = new Response(first.stderr).text();
  const firstLines = new FollowLines(first.stdout);
  await firstLines.untilMessages(third);
  const second = await startScript("process", ARGS, env);
  const warning = await new FollowLines(second.stderr).next();
  assertMatch(warning ?? "", new RegExp(`Waiting: process ${first.pid} on \\S+, since 20\\S+, follows into`));
  await publish(folder, log.slice(third, 2 * third));
  await firstLines.untilMessages(third);
  first.kill("SIGKILL");
  assertEquals([(await first.status).code, await firstErr], [137, ""]);
  await firstLines.last();
  await publish(folder, log.slice(2 * third));
  const lines = new FollowLines(second.stdout);
  await lines.untilMessages(log.length - 2 * third);
  const path = heartbeatPath(folder.file(""), "process");
  const beating = await readHeartbeat(path);
  assertEquals(beating?.pid, second.pid);
  second.kill("SIGTERM");
  const last = JSON.parse(await lines.last());
  assertEquals([(await second.status).code, last.stopped, last.run.lag], [143, true, 0]);
  const ended = await readHeartbeat(path);
  assert(ended !== null);
  assertEquals([livenessOf(ended, Infinity), ended.gauges.lastRunPassed, ended.counts.failures], [
    "ended",
    1,
    0,
  ]);
  assertEquals(ended.gauges.standardVersion, last.run.tableVersions.standard);
  await using broker = await brokerWith(log);
  const undisturbed = memoryFolder();
  await runProcess({ broker, storeOf: undisturbed, maxBatchBytes: 1e9 });
  assertEquals(await readContent(folder.storeOf), await readContent(undisturbed));
  assertEquals((await runScript("report", [], env)).code, 0);
});
