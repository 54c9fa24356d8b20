/**
 * Delta Lake tables: create, open, stage files, commit, read. Knows nothing of what the rows mean.
 *
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { assertEquals } from "@std/assert";
 *
 * const outside = { clock: () => 0, ids: () => "0d9f" };
 * const schema = tableSchema({ name: "string", track: "integer" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 *
 * const frame = pl.DataFrame({ name: ["HKI"], track: [4] }).withColumns(pl.col("track").cast(pl.Int32));
 * const adds = [await table.stageFile(frame)];
 * const append = { readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" } as const;
 *
 * assertEquals(await table.commit(append), { status: "committed", version: 1 });
 * assertEquals(table.snapshot.files.size, 1);
 * ```
 *
 * @module
 */
export type { Add, CommitInfo, Metadata, Protocol, Remove, SetTransaction } from "./actions.ts";
export { appendFile, type AppendOptions } from "./append_file.ts";
export { type Backoff, jitteredBackoff } from "./backoff.ts";
export type { CommitRequest } from "./commit.ts";
export type { Conflict, Reads } from "./conflict.ts";
export { createTable, type NewTable } from "./create_table.ts";
export type { StageOptions, TableContext } from "./data_file.ts";
export { CommitConflictError, CorruptLogError, TableNotFoundError, UnsupportedTableError } from "./errors.ts";
export type { PartitionValue } from "./partition_value.ts";
export type { Row } from "./row_file.ts";
export type { ArrayType, DataType, MapType, PrimitiveType, StructField, StructType } from "./schema.ts";
export type { Snapshot } from "./snapshot.ts";
export { LocalStore } from "./store/local_store.ts";
export { MemoryStore } from "./store/memory_store.ts";
export type { Store } from "./store/store.ts";
export {
  type CommitOutcome,
  type DeltaTable,
  type HistoryEntry,
  openTable,
  type TableOptions,
} from "./table.ts";
export { tableSchema } from "./table_schema.ts";
