/** What lies in a Kafka log and comes in the answer to a fetch: batches of records, packed as their producer sent them. */

import type { LogRecord } from "../../broker.ts";

/** A batch whose records are still packed. */
export interface RecordBatch {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** A transaction marker: what it holds is no message. */
  readonly isControl: boolean;
  /** In offset order. Unpacks anew at each call; the values are views of what was unpacked. */
  readonly readRecords: () => Promise<Iterable<LogRecord>>;
}
