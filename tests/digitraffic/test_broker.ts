import type { Broker, LogRecord } from "../../lib/broker/broker.ts";

/** All that a topic holds, partition by partition. */
export async function readAll(broker: Broker, topic: string): Promise<readonly LogRecord[]> {
  const ranges = (await broker.topicOffsets(topic))
    .map(({ partition, earliest, end }) => ({ partition, from: earliest, to: end }));
  const records: LogRecord[] = [];
  for await (const chunk of broker.read(topic, ranges)) records.push(...chunk.records);
  return records;
}

/** The same broker, with another way to publish. */
export function withPublish(broker: Broker, publish: Broker["publish"]): Broker {
  return {
    label: broker.label,
    ensureTopic: (topic, partitions) => broker.ensureTopic(topic, partitions),
    topicOffsets: (topic) => broker.topicOffsets(topic),
    logId: (topic) => broker.logId(topic),
    forget: (topic, limits) => broker.forget(topic, limits),
    publish,
    read: (topic, ranges, options) => broker.read(topic, ranges, options),
    commitOffsets: (group, topic, offsets) => broker.commitOffsets(group, topic, offsets),
    committedOffsets: (group, topic) => broker.committedOffsets(group, topic),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
