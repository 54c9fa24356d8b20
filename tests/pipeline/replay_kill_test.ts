/** `quarantine replay` as a real process, killed at any moment. */
import { assertEquals } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { DataFolder, runScript } from "../e2e/script_process.ts";
import { runAndKill } from "./kill_script.ts";
import { FIRST_ROUND_MS, makeLog } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, TOPIC } from "./process_rig.ts";
import { processStrictly } from "./strict_process.ts";
import { readContent } from "./table_content.ts";

const KILLS = Number(Deno.env.get("RATALAKE_KILLS") ?? 1);
const SEED = Number(Deno.env.get("RATALAKE_KILL_SEED") ?? 1);
const REPLAY = ["replay", "--yes"];
/** What a replay of some files does in the folder. */
const CHANGES = 60;

Deno.test("a replay that is killed again and again leaves in the end what was never rejected", async () => {
  const log = makeLog({ trains: 8, seed: SEED });
  const random = seededRandom(SEED, 31);
  await using folder = new DataFolder();
  const env = { DATA_DIR: folder.path, KAFKA_TOPIC: TOPIC };
  const rejectSome = async (messages: readonly Message[]) => {
    const path = folder.file("broker.db");
    await using broker = await openEmbeddedBroker({ path, clock: () => FIRST_ROUND_MS, isSynced: false });
    await broker.ensureTopic(TOPIC, 3);
    await broker.publish(TOPIC, messages);
    await processStrictly(broker, folder.storeOf, () => random() < 0.6 ? "wrong_type" : undefined);
  };
  for (let kill = 0; kill < KILLS; kill++) {
    const [from, to] = [kill, kill + 1].map((part) => Math.floor(part / KILLS * log.length));
    await rejectSome(log.slice(from, to));
    await runAndKill("quarantine", REPLAY, { folder, env, afterChanges: Math.floor(random() * CHANGES) });
  }
  for (const [script, args] of [["process", []], ["quarantine", REPLAY]] as const) {
    const { code, err } = await runScript(script, args, env);
    assertEquals([code, err], [0, ""]);
  }
  await using broker = await brokerWith(log);
  const clean = memoryFolder();
  await runProcess({ broker, storeOf: clean });
  const [{ batches: _a, ...found }, { batches: _b, ...expected }] = [
    await readContent(folder.storeOf),
    await readContent(clean),
  ];
  assertEquals(found, expected);
});
