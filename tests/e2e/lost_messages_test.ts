/** Messages that the broker's retention deleted before `process` came, as real processes: told by exit codes and words. */
import { assertEquals, assertMatch } from "@std/assert";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";
import { runProcess, TOPIC } from "../pipeline/process_rig.ts";
import { DataFolder, runScript } from "./script_process.ts";

const ROUND = makeRound(12, 1, FIRST_ROUND_MS);

/** A lake with five messages, and a broker whose retention took seven more before they were landed. */
async function makeLoss(folder: DataFolder): Promise<void> {
  await using broker = await openEmbeddedBroker({
    path: folder.file("broker.db"),
    clock: () => FIRST_ROUND_MS,
  });
  await broker.ensureTopic(TOPIC, 1);
  await broker.publish(TOPIC, ROUND.slice(0, 5));
  await runProcess({ broker, storeOf: folder.storeOf });
  await broker.publish(TOPIC, ROUND.slice(5));
  await broker.applyRetention(TOPIC, { maxPartitionBytes: 0 });
}

Deno.test("process ends with 1 and says what is lost when retention was faster, and the report fails; the next run is well", async () => {
  await using folder = new DataFolder();
  await makeLoss(folder);
  const run = (script: string) => runScript(script, [], { DATA_DIR: folder.path, KAFKA_TOPIC: TOPIC });
  const found = await run("process");
  assertEquals(found.code, 1);
  assertMatch(
    found.err,
    /7 offsets expired: the broker's retention deleted messages before they were landed/,
  );
  // What could be done was done, and stays.
  assertMatch(found.out, /^0 messages ingested in 1 batch; in all 5 accepted/);
  const failed = await run("report");
  assertEquals(failed.code, 3);
  assertMatch(failed.out, /\nfailed\nO4 .*\b7\b[^]*\nFAILED: /);
  const next = await run("process");
  assertEquals([next.code, next.err], [0, ""]);
});
