/** Bytes of messages that are no text: landing has no column for them, quarantine has. */
import { frameRows, type Predicate, scanTable, tableSchema } from "../delta/mod.ts";
import type { TopicTable } from "../tables/topic_table.ts";

const { fields: FIELDS } = tableSchema({ kafkaOffset: "long", rawValue: "binary" });

/** The bytes by offset; null is a tombstone. A batch is in quarantine before it is in landing, so none is missing. */
export async function readRawValues(
  quarantine: TopicTable,
  where: Predicate,
): Promise<ReadonlyMap<bigint, Uint8Array | null>> {
  const values = new Map<bigint, Uint8Array | null>();
  const columns = FIELDS.map(({ name }) => name);
  for await (const frame of scanTable(quarantine.delta, { columns, where })) {
    for (const { kafkaOffset, rawValue } of frameRows(frame, FIELDS)) {
      // A view would keep the bytes of the whole file in memory.
      values.set(BigInt(String(kafkaOffset)), rawValue instanceof Uint8Array ? rawValue.slice() : null);
    }
  }
  return values;
}
