/** Why a message is no train, as a value: a bad message never stops the pipeline. */

/** Stable words for queries on the quarantine table. */
export type RejectionCode =
  | "empty_message"
  | "not_utf8"
  | "not_json"
  | "duplicate_key"
  | "not_a_train"
  | "missing_field"
  | "empty_field"
  | "wrong_type"
  | "out_of_range"
  | "date_format"
  | "time_format"
  | "arrival_time_format"
  | "departure_time_format"
  | "too_few_rows"
  | "schema_drift";

/** The first fault found in one message. */
export interface Fault {
  readonly code: RejectionCode;
  /** One sentence: what was found, what was expected. */
  readonly message: string;
  /** JSON path of the fault, `$` for the message itself. */
  readonly path: string;
  /** Rule of the catalogue (S1, S3, ...) that the message breaks. */
  readonly rule: string;
}

/** A fault with the message that has it, as it stood in the log. */
export interface Rejection extends Fault {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: string | null;
  /** The bytes of a key that is no UTF-8. */
  readonly keyBytes?: Uint8Array | null;
  /** Milliseconds since 1970 UTC; null when the message does not say. */
  readonly fetchedAtMs: number | null;
  /** See `TrainRank`. */
  readonly sourceEpoch: number;
  /** The message bytes; null for a tombstone. */
  readonly rawValue: Uint8Array | null;
}

/** Shows a found value in a message without letting it grow: at most 60 characters. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
