/** Lets the broker forget old messages that are in all tables, so that its file does not grow for ever. */
import { getLogger } from "../packages/logtape.ts";
import { counted } from "../printable.ts";
import type { ProcessRun } from "./process_run.ts";

const log = getLogger(["ratalake", "process"]);

/** Does so where a limit is set. Kafka has its own retention and forgets nothing here. */
export async function forgetMessages(
  { broker, lake: { topic, landing, standard, batches }, limits: { keepMessagesMs }, surroundings }:
    ProcessRun,
): Promise<void> {
  if (keepMessagesMs === undefined || landing.nextOffsets().size === 0) return;
  const [merged, recorded] = [standard.nextOffsets(), batches.nextOffsets()];
  const least = (...offsets: readonly bigint[]) => offsets.reduce((low, each) => each < low ? each : low);
  const inAll = [...landing.nextOffsets()].map(([partition, next]) =>
    [partition, least(next, merged.get(partition) ?? 0n, recorded.get(partition) ?? 0n)] as const
  );
  try {
    const { messages } = await broker.forget(topic, {
      before: new Map(inAll),
      olderThanMs: surroundings.clock() - keepMessagesMs,
    });
    if (messages === 0) return;
    log.info("The broker forgot {messages} that are in the tables and older than {hours}", {
      messages: counted(messages, "message"),
      hours: counted(Math.round(keepMessagesMs / 3_600_000), "hour"),
    });
  } catch (error) {
    log.warn("Cannot let the broker forget old messages: {error}", { error });
  }
}
