/** A row of the quarantine table as it is read back; another engine may have written anything into it. */
import { type DeltaTable, type Predicate, type Row, type StructField } from "../delta/mod.ts";
import { QUARANTINE_SCHEMA } from "../tables/message_schemas.ts";

/** A rejected message without its value. */
export interface RejectedPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Since 1970 UTC; null when the row does not say. */
  readonly timestampMs: number | null;
  readonly fetchedAtMs: number | null;
  /** See `TrainRank`. */
  readonly sourceEpoch: number;
  readonly key: string | null;
  /** The bytes of a key that is no UTF-8. */
  readonly keyBytes: Uint8Array | null;
  readonly reasonCode: string;
  readonly message: string;
  readonly jsonPath: string;
  readonly stage: string;
  readonly ruleId: string;
}

/** Which rejected messages; all of them without a bound. */
export interface RejectionFilter {
  /** Reason codes. */
  readonly reasons?: readonly string[] | undefined;
  /** Messages written then or later, since 1970 UTC. */
  readonly sinceMs?: number | undefined;
}

/** The columns by name that `table` has, in their order: one that only older versions have written lacks the newest. */
export function quarantineFields(
  isAsked: (name: string) => boolean,
  table?: DeltaTable,
): readonly StructField[] {
  const { fields } = QUARANTINE_SCHEMA;
  const present = new Set((table?.snapshot.schema.fields ?? fields).map(({ name }) => name));
  return fields.filter(({ name }) => isAsked(name) && present.has(name));
}

/** The filter for the Delta library. */
export function rejectionPredicate({ reasons, sinceMs }: RejectionFilter): Predicate {
  const terms: Predicate[] = [];
  if (reasons !== undefined) terms.push({ kind: "in", column: ["reasonCode"], values: reasons });
  if (sinceMs !== undefined) {
    const value = BigInt(Math.trunc(sinceMs)) * 1000n;
    terms.push({ kind: "compare", column: ["kafkaMessageTimestamp"], operator: ">=", value });
  }
  return { kind: "and", terms };
}

/** The row without its value. */
export function rejectedPlace(row: Row): RejectedPlace {
  const { messageKeyBytes: keyBytes } = row;
  return {
    topic: textOf(row.kafkaTopic),
    partition: Number(row.kafkaPartition ?? 0),
    offset: BigInt(String(row.kafkaOffset ?? 0)),
    timestampMs: millisecondsOf(row.kafkaMessageTimestamp),
    fetchedAtMs: millisecondsOf(row.fetchedAt),
    sourceEpoch: Number(row.sourceEpoch ?? 0),
    key: typeof row.messageKey === "string" ? row.messageKey : null,
    // A view would keep the bytes of the whole file in memory.
    keyBytes: keyBytes instanceof Uint8Array ? keyBytes.slice() : null,
    reasonCode: textOf(row.reasonCode),
    message: textOf(row.message),
    jsonPath: textOf(row.jsonPath),
    stage: textOf(row.stage),
    ruleId: textOf(row.ruleId),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function millisecondsOf(micros: unknown): number | null {
  return typeof micros === "bigint" ? Number(micros) / 1000 : null;
}
