/** Tables that are there before the script that a test is about: made in this process, at a tenth of the cost. */
import type { Message } from "../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { FIRST_ROUND_MS } from "../pipeline/made_up_log.ts";
import { runProcess, TOPIC } from "../pipeline/process_rig.ts";
import type { DataFolder } from "./script_process.ts";

/** Publishes the messages to the folder's embedded broker. */
export async function publishTo(folder: DataFolder, messages: readonly Message[]): Promise<void> {
  const path = folder.file("broker.db");
  await using broker = await openEmbeddedBroker({ path, clock: () => FIRST_ROUND_MS });
  await broker.ensureTopic(TOPIC, 3);
  await broker.publish(TOPIC, messages);
}

/** Publishes the messages and lets `process` take them in. */
export async function ingestInto(folder: DataFolder, messages: readonly Message[]): Promise<void> {
  await publishTo(folder, messages);
  const path = folder.file("broker.db");
  await using broker = await openEmbeddedBroker({ path, clock: () => FIRST_ROUND_MS });
  await runProcess({ broker, storeOf: folder.storeOf });
}
