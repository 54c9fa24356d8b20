/** Makes sure that the broker's log is the one that filled the tables, before anything is read from it. */
import type { Broker, PartitionOffsets, ReadRange } from "../broker/broker.ts";
import { BrokerError } from "../errors.ts";
import { type LastMessage, readLastMessages } from "../landing/read_last_messages.ts";
import { withinCalendar } from "../tables/message_schemas.ts";
import type { TopicTable } from "../tables/topic_table.ts";

/** Tables keep microseconds, which far from today are not exact; a log that was recreated is off by more. */
const TIME_TOLERANCE_MS = 1000;

/** The log that landing is compared with. */
export interface CheckedLog {
  readonly broker: Broker;
  readonly offsets: readonly PartitionOffsets[];
}

/**
 * Compares the last landed message of each partition with the message that the log has at that offset. A broker that
 * was emptied or replaced starts again at offset 0: without this check its messages would be taken for landed ones.
 *
 * @throws {BrokerError} when the log has another message there
 */
export async function checkLog(landing: TopicTable, { broker, offsets }: CheckedLog): Promise<void> {
  const last = await readLastMessages(landing);
  const ranges = last.flatMap(({ partition, offset }): readonly ReadRange[] => {
    const log = offsets.find((candidate) => candidate.partition === partition);
    const isThere = log !== undefined && log.earliest <= offset && offset < log.end;
    return isThere ? [{ partition, from: offset, to: offset + 1n }] : [];
  });
  if (ranges.length === 0) return;
  for await (const { partition, records } of broker.read(landing.topic, ranges)) {
    const landed = last.find((message) => message.partition === partition);
    const [record] = records;
    const found = record && withinCalendar(record.timestampMs);
    if (landed === undefined) continue;
    const isSame = found !== undefined && Math.abs(found - landed.timestampMs) < TIME_TOLERANCE_MS;
    if (!isSame) throw otherLog(landed, { found, topic: landing.topic, broker });
  }
}

function otherLog(
  { partition, offset, timestampMs }: LastMessage,
  { found, topic, broker }: {
    readonly found: number | undefined;
    readonly topic: string;
    readonly broker: Broker;
  },
): BrokerError {
  const time = (ms: number | undefined) =>
    ms === undefined ? "nothing" : `one of ${new Date(ms).toISOString()}`;
  return new BrokerError(
    `Cannot resume topic "${topic}" partition ${partition} from ${broker.label}: found ${
      time(found)
    } as message ` +
      `${offset}, expected ${
        time(timestampMs)
      }, which the tables have: this is another log (emptied or recreated); ` +
      "use another DATA_DIR or KAFKA_TOPIC",
  );
}
