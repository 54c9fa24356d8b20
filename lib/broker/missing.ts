/** The errors of both brokers for what nobody has created. */

import { BrokerError } from "../errors.ts";

/** The error for a topic that does not exist; `action` as in "publish to". */
export function missingTopic(action: string, topic: string): BrokerError {
  return new BrokerError(
    `Cannot ${action} "${topic}": no such topic, expected one that was created before`,
  );
}

/** The error for a commit to a partition that the topic, which has `partitions` of them, does not have. */
export function missingPartition(topic: string, partition: number, partitions: number): BrokerError {
  return new BrokerError(
    `Cannot commit an offset of "${topic}" partition ${partition}: no such partition, ` +
      `expected 0 to ${partitions - 1}`,
  );
}
