/** The fingerprints of messages that landing has: the first, the last and one between of each partition. */
import { frameRows, type Predicate, type Row, scannedFiles, tableSchema, toPolars } from "../delta/mod.ts";
import type { Fingerprint } from "../tables/fingerprint.ts";
import { fingerprintsIn, fingerprintsOf } from "../tables/fingerprint_tag.ts";
import type { TopicTable } from "../tables/topic_table.ts";
import { offsetPredicate } from "./offset_predicate.ts";

const { fields: FIELDS } = tableSchema({
  kafkaPartition: "integer",
  kafkaOffset: "long",
  kafkaMessageTimestamp: "timestamp",
});
const COLUMNS = ["kafkaTopic", ...FIELDS.map(({ name }) => name)];

/**
 * At most three messages per partition, the newest first. They come from the tags of landing's files; a partition
 * whose files have none gives its last message, with time and place alone, read from the newest file that has it.
 */
export async function readFingerprints(landing: TopicTable): Promise<readonly Fingerprint[]> {
  const tagged = [...landing.delta.snapshot.files.values()].flatMap((add) =>
    fingerprintsOf(add, landing.topic)
  );
  const chosen = [...Map.groupBy(tagged, ({ partition }) => partition).values()].flatMap(chooseThree);
  const known = new Set(chosen.map(({ partition }) => partition));
  const ends = [...landing.nextOffsets()].filter(([partition, next]) => next > 0n && !known.has(partition));
  return [...chosen, ...await readLastMessages(landing, ends)];
}

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

function chooseThree(messages: readonly Fingerprint[]): readonly Fingerprint[] {
  const sorted = messages.toSorted((a, b) => Number(b.offset - a.offset));
  const places = new Set([0, Math.floor(sorted.length / 2), sorted.length - 1]);
  return sorted.filter((_, place) => places.has(place));
}

/** From the newest files backwards; a partition whose last offset held no message is absent. */
async function readLastMessages(
  { delta, topic }: TopicTable,
  ends: readonly (readonly [partition: number, next: bigint])[],
): Promise<readonly Fingerprint[]> {
  if (ends.length === 0) return [];
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
