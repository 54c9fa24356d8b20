/** One rejected message, whole; and what stands near to a place where there is none. */
import {
  type DeltaTable,
  frameRows,
  type Literal,
  type Operator,
  type Predicate,
  scanTable,
} from "../delta/mod.ts";
import type { MessagePlace } from "../tables/rejection_id.ts";
import { quarantineFields, type RejectedPlace, rejectedPlace } from "./rejected_row.ts";

/** A rejected message with its bytes. */
export interface RejectedMessage extends RejectedPlace {
  /** Null for a tombstone. */
  readonly value: Uint8Array | null;
}

const PLACE_FIELDS = quarantineFields((name) =>
  ["kafkaTopic", "kafkaPartition", "kafkaOffset"].includes(name)
);

/** The messages at a place: one, or none; several only where topics have the same place and none is named. */
export async function readRejection(
  quarantine: DeltaTable,
  { topic, partition, offset }: MessagePlace,
): Promise<readonly RejectedMessage[]> {
  const terms = [compare("kafkaPartition", "=", partition), compare("kafkaOffset", "=", offset)];
  if (topic !== undefined) terms.push(compare("kafkaTopic", "=", topic));
  const fields = quarantineFields(() => true, quarantine);
  const columns = fields.map(({ name }) => name);
  const found: RejectedMessage[] = [];
  for await (const frame of scanTable(quarantine, { columns, where: { kind: "and", terms } })) {
    for (const row of frameRows(frame, fields)) {
      const { rawValue } = row;
      found.push({ ...rejectedPlace(row), value: rawValue instanceof Uint8Array ? rawValue.slice() : null });
    }
  }
  return found;
}

/** The last rejected message of the partition before the place, and the first one behind it. */
export async function nearestRejections(
  quarantine: DeltaTable,
  { partition, offset }: MessagePlace,
): Promise<readonly MessagePlace[]> {
  const columns = PLACE_FIELDS.map(({ name }) => name);
  const where = compare("kafkaPartition", "=", partition);
  let [before, behind]: (MessagePlace | undefined)[] = [];
  for await (const frame of scanTable(quarantine, { columns, where })) {
    for (const row of frameRows(frame, PLACE_FIELDS)) {
      const { topic, partition, offset: found } = rejectedPlace(row);
      const place = { topic, partition, offset: found };
      if (found < offset && (before === undefined || found > before.offset)) before = place;
      if (found > offset && (behind === undefined || found < behind.offset)) behind = place;
    }
  }
  return [before, behind].flatMap((place) => place ?? []);
}

function compare(column: string, operator: Operator, value: Literal): Predicate {
  return { kind: "compare", column: [column], operator, value };
}
