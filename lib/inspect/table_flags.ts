/** The flags of the verbs of `deno task table`. */

import type { TableMoment } from "../delta/mod.ts";

/** How `cat` writes rows. */
export type RowFormat = "table" | "ndjson" | "csv" | "arrow" | "parquet";

/** The flags of all verbs; each verb looks at its own. */
export interface TableFlags {
  readonly columns: readonly string[] | undefined;
  readonly where: string | undefined;
  readonly version: number | undefined;
  readonly timestamp: number | undefined;
  readonly limit: number | undefined;
  readonly format: RowFormat;
  readonly out: string | undefined;
  readonly to: TableMoment | undefined;
  readonly dryRun: boolean;
  readonly retentionHours: number | undefined;
  readonly force: boolean;
  readonly marks: "restore" | "keep" | undefined;
  readonly sortBy: readonly string[] | undefined;
  readonly targetMb: number | undefined;
  readonly partitions: string | undefined;
  readonly json: boolean;
}
