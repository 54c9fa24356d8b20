/**
 * Delta Lake tables: create, open, stage files, commit, read. Knows nothing of what the rows mean.
 *
 * `README.md` beside this file shows how to use them, and what is supported.
 *
 * @module
 */
export type { Add, CommitInfo, Metadata, Protocol, Remove, SetTransaction } from "./actions.ts";
export { appendFrame, type WriteOptions } from "./append_frame.ts";
export { appendFile, type AppendOptions } from "./append_file.ts";
export { type Backoff, jitteredBackoff } from "./backoff.ts";
export { checkpointIfDue, type CheckpointOutcome, checkpointTable } from "./checkpoint_table.ts";
export { formatTime } from "./calendar.ts";
export type { ColumnValue, ColumnValues } from "./column_value.ts";
export { commitComputed, type ComputedChange, type WriteOutcome } from "./commit_computed.ts";
export type { CommitRequest } from "./commit.ts";
export type { Conflict, Reads } from "./conflict.ts";
export { convertFolder, type ConvertOptions } from "./convert_folder.ts";
export { createTable, type NewTable } from "./create_table.ts";
export type { StageOptions, TableContext } from "./data_file.ts";
export {
  CommitConflictError,
  CorruptFileError,
  CorruptLogError,
  TableNotFoundError,
  UnknownOutcomeError,
  UnsupportedTableError,
} from "./errors.ts";
export { emptyFrame } from "./empty_frame.ts";
export { type FileVerdict, fileVerdict } from "./file_verdict.ts";
export { frameRows } from "./frame_rows.ts";
export { type OptimizeOptions, type OptimizeOutcome, optimizeTable } from "./optimize_table.ts";
export { type ChangeOptions, deleteRows } from "./delete_rows.ts";
export { type InsertClause, type RowClause, sourceColumn } from "./merge_clauses.ts";
export { mergeInto, type MergeOptions } from "./merge_into.ts";
export { type OverwriteOptions, overwriteTable } from "./overwrite_table.ts";
export type { PartitionValue } from "./partition_value.ts";
export {
  type ColumnPath,
  type Literal,
  type Operator,
  type Predicate,
  predicateColumns,
} from "./predicate.ts";
export { parsePredicate } from "./predicate_parser.ts";
export { toPolars } from "./predicate_polars.ts";
export { type RestoreOutcome, restoreTable } from "./restore_table.ts";
export { replaceGroups, type ReplaceGroupsOptions } from "./replace_groups.ts";
export { scanArrow, scannedFiles, type ScanOptions, scanTable } from "./scan_table.ts";
export { type ChangeRange, tableChanges } from "./table_changes.ts";
export { openTableAt, type TableMoment, versionAt } from "./time_travel.ts";
export type { Row } from "./row_file.ts";
export type { ArrayType, DataType, MapType, PrimitiveType, StructField, StructType } from "./schema.ts";
export { formatType } from "./schema.ts";
export type { Snapshot } from "./snapshot.ts";
export { LocalStore } from "./store/local_store.ts";
export { MemoryStore } from "./store/memory_store.ts";
export type { ListOptions, Store, StoreEntry, StoreGuarantees } from "./store/store.ts";
export {
  type CommitOutcome,
  type DeltaTable,
  type HistoryEntry,
  openTable,
  type TableOptions,
} from "./table.ts";
export { type TableProperties, tableProperties } from "./table_properties.ts";
export { tableSchema } from "./table_schema.ts";
export { type RowUpdate, updateRows } from "./update_rows.ts";
export { type VacuumOptions, type VacuumOutcome, vacuumTable } from "./vacuum_table.ts";
