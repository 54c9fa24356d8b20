/** Which of the noted logs a broker's log is: what was published to another one of the same name is not in it. */
import { getLogger } from "../packages/logtape.ts";
import type { Broker, PartitionOffsets } from "../broker/broker.ts";
import type { PublishedLog } from "../digitraffic/publish_state.ts";
import { compareLog } from "./compare_log.ts";
import { newestEpoch } from "./epochs/newest_epoch.ts";

const logger = getLogger(["ratalake", "fetch"]);

const NOTHING: Pick<PublishedLog, "fetchedAt" | "messages" | "versions"> = {
  fetchedAt: null,
  messages: [],
  versions: new Map(),
};

/** A log, and what was published to it. */
export interface FoundLog {
  readonly log: PublishedLog;
  /** True when another log of this name was noted: what is noted of that one is void. */
  readonly isOther: boolean;
}

/**
 * What was published to this very log; a log that is another one is begun anew, and so is the record. The epoch never
 * falls: what the record does not say, the newest messages do.
 */
export async function findPublished(
  state: readonly PublishedLog[],
  broker: Broker,
  topic: string,
): Promise<FoundLog> {
  const offsets = await broker.topicOffsets(topic);
  const log = {
    broker: broker.label,
    topic,
    records: countRecords(offsets),
    logId: await broker.logId(topic),
  };
  const known = state.find((each) => each.broker === log.broker && each.topic === topic);
  if (known === undefined) {
    return { log: { ...log, ...NOTHING, sourceEpoch: await newestEpoch(broker, topic) }, isOther: false };
  }
  const difference = await findDifference(known, { ...log, client: broker, offsets });
  if (difference === null) return { log: { ...known, ...log }, isOther: false };
  logger.warn("Publishing all trains again: topic {topic} {difference}", { topic, difference });
  // Tables may still have what was published to the one before.
  const sourceEpoch = Math.max(known.sourceEpoch, await newestEpoch(broker, topic));
  return { log: { ...log, ...NOTHING, sourceEpoch }, isOther: true };
}

/** Why the log is not, or may not be, the one that was published to; null when it is. */
export async function findDifference(
  known: Pick<PublishedLog, "topic" | "records" | "logId" | "messages">,
  { records, logId, client, offsets }: Pick<PublishedLog, "records" | "logId"> & {
    readonly client: Broker;
    readonly offsets: readonly PartitionOffsets[];
  },
): Promise<string | null> {
  if (known.records > records) return "has fewer messages than were published to it";
  const isNamed = known.logId !== null && logId !== null;
  if (isNamed && known.logId !== logId) return "is another log than the one that was published to";
  const { outcome } = await compareLog({ broker: client, topic: known.topic, offsets }, known.messages);
  if (outcome === "other") return "has other messages than the log that was published to";
  // Publishing again costs duplicates, a wrong guess would cost trains.
  const isUnknown = outcome === "unknown" && known.messages.length > 0 && !isNamed;
  return isUnknown ? "has none of the messages any more by which it is known" : null;
}

/** Records that the topic has ever had. */
export function countRecords(offsets: readonly PartitionOffsets[]): bigint {
  return offsets.reduce((sum, { end }) => sum + end, 0n);
}
