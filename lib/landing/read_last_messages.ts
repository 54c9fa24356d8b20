/** The last message that landing has of each partition: what distinguishes one log from another of the same name. */
import { frameRows, type Predicate, type Row, scannedFiles, tableSchema, toPolars } from "../delta/mod.ts";
import type { TopicTable } from "../tables/topic_table.ts";
import { offsetPredicate } from "./offset_predicate.ts";

/** One message of the log. */
export interface LastMessage {
  readonly partition: number;
  readonly offset: bigint;
  /** Since 1970 UTC, as landing has it. */
  readonly timestampMs: number;
}

const { fields: FIELDS } = tableSchema({
  kafkaPartition: "integer",
  kafkaOffset: "long",
  kafkaMessageTimestamp: "timestamp",
});
const COLUMNS = ["kafkaTopic", ...FIELDS.map(({ name }) => name)];

/**
 * The newest landed message of each partition, read from the newest files backwards. A partition whose last offset
 * held no message (a transaction marker) is absent.
 */
export async function readLastMessages(landing: TopicTable): Promise<readonly LastMessage[]> {
  const ends = [...landing.nextOffsets()].filter(([, next]) => next > 0n);
  if (ends.length === 0) return [];
  const where: Predicate = {
    kind: "or",
    terms: ends.map(([partition, to]) => offsetPredicate(landing.topic, { partition, from: to - 1n, to })),
  };
  const { snapshot } = landing.delta;
  const isLast = toPolars(where, snapshot.schema);
  const found = new Map<number, LastMessage>();
  for (const { add } of scannedFiles(snapshot, where).toReversed()) {
    const rows = (await landing.delta.readFile(add, { columns: COLUMNS })).filter(isLast);
    for (const row of frameRows(rows, FIELDS)) {
      const message = messageOf(row);
      if (message !== null) found.set(message.partition, message);
    }
    if (found.size === ends.length) break;
  }
  return [...found.values()];
}

/** Null when another writer has left the time out. */
function messageOf({ kafkaPartition, kafkaOffset, kafkaMessageTimestamp: micros }: Row): LastMessage | null {
  if (typeof micros !== "bigint") return null;
  return {
    partition: Number(kafkaPartition),
    offset: BigInt(String(kafkaOffset)),
    timestampMs: Number(micros / 1000n),
  };
}
