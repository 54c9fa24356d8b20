/**
 * `process` as real processes: killed at any moment, and two at once. `RATALAKE_KILLS=100` kills so many times;
 * `RATALAKE_KILL_SEED` chooses other moments.
 */

import { assertEquals } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { DataFolder, runScript } from "../e2e/script_process.ts";
import { runAndKill } from "./kill_script.ts";
import { FIRST_ROUND_MS, makeLog } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, TOPIC } from "./process_rig.ts";
import { readContent, type TableContent } from "./table_content.ts";

const KILLS = Number(Deno.env.get("RATALAKE_KILLS") ?? 2);
const SEED = Number(Deno.env.get("RATALAKE_KILL_SEED") ?? 1);
const ARGS = ["--max-batch-mb=1"];
/** What a run does in the folder, seen as changes of files: about so many on a small part of the log. */
const CHANGES = 100;
/** A run that ended before its kill lets later kills come after fewer changes, so that all kills come. */
const FEWER = 0.8;

function envOf(folder: DataFolder): Readonly<Record<string, string>> {
  return { DATA_DIR: folder.path, KAFKA_TOPIC: TOPIC };
}

async function publish(folder: DataFolder, messages: readonly Message[]): Promise<void> {
  await using broker = await openEmbeddedBroker({
    path: folder.file("broker.db"),
    clock: () => FIRST_ROUND_MS,
  });
  await broker.ensureTopic(TOPIC, 3);
  await broker.publish(TOPIC, messages);
}

/** What one run leaves that nobody disturbs, here in this process. */
async function undisturbed(log: readonly Message[]): Promise<TableContent> {
  await using broker = await brokerWith(log);
  const folder = memoryFolder();
  await runProcess({ broker, storeOf: folder, maxBatchBytes: 1e9 });
  const content = await readContent(folder);
  assertEquals(content.wrong, []);
  return content;
}

Deno.test("kill -9 at any moment, again and again, and one clean run leave what an undisturbed run leaves", async () => {
  const log = makeLog({ trains: 100, seed: SEED });
  const expected = await undisturbed(log);
  await using folder = new DataFolder();
  const random = seededRandom(SEED, 9);
  let killed = 0, published = 0, most = CHANGES;
  while (killed < KILLS) {
    const upTo = Math.ceil((killed + 1) / KILLS * log.length);
    await publish(folder, log.slice(published, upTo));
    published = upTo;
    const ended = await runAndKill("process", ARGS, {
      folder,
      env: envOf(folder),
      afterChanges: Math.floor(random() * most),
    });
    if (ended === null) killed++;
    else {
      assertEquals([ended.code, ended.err], [0, ""]);
      most *= FEWER;
    }
  }
  const last = await runScript("process", ARGS, envOf(folder));
  assertEquals([last.code, last.err], [0, ""]);
  assertEquals(await readContent(folder.storeOf), expected);
  assertEquals((await runScript("report", [], envOf(folder))).code, 0);
});

Deno.test("two processes at once on one folder, new to both, leave what one leaves", async () => {
  const log = makeLog({ trains: 120 });
  const expected = await undisturbed(log);
  await using folder = new DataFolder();
  await publish(folder, log);
  const both = await Promise.all(
    ["1", "2"].map((size) => runScript("process", [`--max-batch-mb=${size}`], envOf(folder))),
  );
  assertEquals(both.map(({ code, err }) => [code, err]), [[0, ""], [0, ""]]);
  assertEquals(await readContent(folder.storeOf), expected);
  const report = await runScript("report", ["--json"], envOf(folder));
  assertEquals([report.code, JSON.parse(report.out).passed], [0, true]);
});
