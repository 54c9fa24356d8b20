/** Whether a topic can be ingested into the tables at hand, and what of it; nothing is changed. */
import type { Broker } from "../broker/broker.ts";
import { BrokerError } from "../errors.ts";
import { otherTopics } from "../tables/log_marks.ts";
import type { TopicTable } from "../tables/topic_table.ts";
import { checkLog, OTHER_LOG_ADVICE } from "./check_log.ts";
import { planRead, type ReadPlan } from "./plan_read.ts";

/** A topic that fits the tables. */
export interface CheckedTopic {
  readonly plan: ReadPlan;
  /** The broker's name for the log; null when it has none. */
  readonly logId: string | null;
}

/**
 * Null when there is no such topic, and the tables know of none.
 *
 * @throws {BrokerError} when the log is not the one of these tables, or the topic has vanished
 */
export async function checkTopic(landing: TopicTable, broker: Broker): Promise<CheckedTopic | null> {
  const { topic } = landing;
  const offsets = await broker.topicOffsets(topic);
  if (offsets.length === 0) {
    if (landing.delta.snapshot.txns.size > 0) throw missingTopic(landing, broker);
    return null;
  }
  const isNoted = landing.startOffsets().size > 0;
  const plan = planRead(offsets, {
    landed: landing.nextOffsets(),
    isNoted,
    topic,
    brokerLabel: broker.label,
  });
  const logId = await broker.logId(topic);
  await checkLog(landing, { broker, offsets, logId });
  return { plan, logId };
}

function missingTopic(landing: TopicTable, { label }: Broker): BrokerError {
  const { topic } = landing;
  const none = `Cannot process topic "${topic}": found no such topic in ${label}, expected`;
  // The one that filled the tables is gone, and whatever takes its place is another log.
  if (landing.nextOffsets().size > 0) {
    return new BrokerError(`${none} the one that filled these tables; ${OTHER_LOG_ADVICE}`);
  }
  const others = otherTopics(landing.delta.snapshot, landing).map((other) => `"${other}"`).join(", ");
  return new BrokerError(
    `${none} one that was created before; the tables hold ${others} (KAFKA_TOPIC says which is meant)`,
  );
}
