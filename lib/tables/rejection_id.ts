/** Short names of rejected messages, which people type: where the message stands in the log. */

/** Where a message stands; without a topic, in whichever topic has one there. */
export interface MessagePlace {
  readonly topic?: string | undefined;
  readonly partition: number;
  readonly offset: bigint;
}

/** `0:1234` is offset 1234 of partition 0; with a topic `trains:0:1234`. Names of topics have no colon. */
export function rejectionId({ topic, partition, offset }: MessagePlace): string {
  return `${topic === undefined ? "" : `${topic}:`}${partition}:${offset}`;
}

/** The place that an ID names; undefined when it is none. */
export function parseRejectionId(id: string): MessagePlace | undefined {
  const found = /^(?:([a-zA-Z0-9._-]{1,249}):)?([0-9]{1,9}):([0-9]{1,18})$/.exec(id.trim());
  if (found === null) return undefined;
  const [, topic, partition, offset = ""] = found;
  return { topic, partition: Number(partition), offset: BigInt(offset) };
}
