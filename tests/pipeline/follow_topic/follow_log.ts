/** A log that is published bit by bit, and what one run makes of all of it. */
import { assertEquals } from "@std/assert";
import type { Broker, Message } from "../../../lib/broker/broker.ts";
import { makeLog } from "../made_up_log.ts";
import { memoryFolder, runProcess, TOPIC } from "../process_rig.ts";
import { readContent, type TableContent } from "../table_content.ts";
import type { Happening } from "./follow_rig.ts";

/** Everything that a log can hold. */
export const LOG = makeLog({ trains: 6 });

/** What one run leaves that ingests all at once. */
export async function undisturbed(broker: Broker): Promise<TableContent> {
  const folder = memoryFolder();
  await runProcess({ broker, storeOf: folder, maxBatchBytes: 1e9 });
  const content = await readContent(folder);
  assertEquals(content.wrong, []);
  return content;
}

/** Publishes the log in pieces, one at each time. */
export function pieces(
  broker: Broker,
  log: readonly Message[],
  times: readonly number[],
): readonly Happening[] {
  const size = Math.ceil(log.length / times.length);
  return times.map((atMs, index) => ({
    atMs,
    happens: () => broker.publish(TOPIC, log.slice(index * size, (index + 1) * size)),
  }));
}
