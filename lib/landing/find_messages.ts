/** The fingerprints of messages whose files have no tags of them: read from the rows of landing. */
import { frameRows, type Predicate, type Row, scannedFiles, tableSchema, toPolars } from "../delta/mod.ts";
import type { Fingerprint } from "../tables/fingerprint.ts";
import { fingerprintsIn } from "../tables/fingerprint_tag.ts";
import type { TopicTable } from "../tables/topic_table.ts";
import { offsetPredicate } from "./offset_predicate.ts";

const { fields: FIELDS } = tableSchema({
  kafkaPartition: "integer",
  kafkaOffset: "long",
  kafkaMessageTimestamp: "timestamp",
});
const COLUMNS = ["kafkaTopic", ...FIELDS.map(({ name }) => name)];

/** Those of the messages at these places; the ones that landing does not have are absent. */
export async function readFingerprintsAt(
  { delta, topic }: TopicTable,
  places: readonly Pick<Fingerprint, "partition" | "offset">[],
): Promise<readonly Fingerprint[]> {
  const where: Predicate = {
    kind: "or",
    terms: places.map(({ partition, offset }) =>
      offsetPredicate(topic, { partition, from: offset, to: offset + 1n })
    ),
  };
  const isThere = toPolars(where, delta.snapshot.schema);
  const found: Fingerprint[] = [];
  for (const { add } of scannedFiles(delta.snapshot, where)) {
    const rows = await delta.readFile(add, { columns: [...COLUMNS, "jsonValue"] });
    for (const each of fingerprintsIn(rows.filter(isThere))) found.push(each);
  }
  return found;
}

/** From the newest files backwards; a partition whose last offset held no message is absent. */
export async function readLastMessages(
  { delta, topic }: TopicTable,
  ends: readonly (readonly [partition: number, next: bigint])[],
): Promise<readonly Fingerprint[]> {
  const where: Predicate = {
    kind: "or",
    terms: ends.map(([partition, to]) => offsetPredicate(topic, { partition, from: to - 1n, to })),
  };
  const { snapshot } = delta;
  const isLast = toPolars(where, snapshot.schema);
  const found = new Map<number, Fingerprint>();
  for (const { add } of scannedFiles(snapshot, where).toReversed()) {
    const rows = (await delta.readFile(add, { columns: COLUMNS })).filter(isLast);
    for (const row of frameRows(rows, FIELDS)) {
      const message = fingerprintOf(row);
      if (message !== null) found.set(message.partition, message);
    }
    if (found.size === ends.length) break;
  }
  return [...found.values()];
}

/** Null when another writer has left the time out. */
function fingerprintOf(
  { kafkaPartition, kafkaOffset, kafkaMessageTimestamp: micros }: Row,
): Fingerprint | null {
  if (typeof micros !== "bigint") return null;
  return {
    partition: Number(kafkaPartition),
    offset: BigInt(String(kafkaOffset)),
    timestampMs: Number(micros / 1000n),
    hash: null,
  };
}
