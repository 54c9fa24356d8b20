/**
 * Delta Lake tables: create, open, stage files, commit, read. Knows nothing of what the rows mean.
 *
 * `README.md` beside this file shows how to use them, and what is supported.
 *
 * @module
 */
// A table loads these when it first writes or reads rows. Who takes the whole library mostly does so at once: loaded with
// all others they cost a third of what they cost one after the other. `reading.ts` leaves that to the table.
import "./log/commit.ts";
import "./read/count_file_rows.ts";
import "./read/file_buffers.ts";
import "./read/file_rows.ts";
import "./write/stage_columns.ts";
import "./write/stage_rows.ts";
export type {
  Add,
  CommitInfo,
  DeletionVector,
  Metadata,
  Protocol,
  Remove,
  SetTransaction,
} from "./actions/actions.ts";
export { addColumns } from "./change/add_columns.ts";
export {
  appendChange,
  appendFile,
  appendFrame,
  type AppendOptions,
  type WriteOptions,
} from "./change/append.ts";
export { type Backoff, type BackoffOptions, jitteredBackoff } from "./store/backoff.ts";
export { checkpointIfDue, checkpointTable } from "./maintain/checkpoint_table.ts";
export type { CheckpointOptions, CheckpointOutcome } from "./log/write_checkpoint.ts";
export { formatTime } from "./schema/calendar.ts";
export {
  type Booleans,
  type Bytes,
  type Column,
  type Columns,
  type Int32Values,
  type Int64Values,
  type Lists,
  longsOf,
  type NullableColumn,
  rowCount,
  type Structs,
  type Words,
} from "./columns/column.ts";
export { frameOfColumns } from "./columns/frame_of_columns.ts";
export { columnsOfFrame } from "./read/columns_of_frame.ts";
export { gatherColumns, type RowPiece } from "./columns/gather_columns.ts";
export { packColumns } from "./columns/pack_columns.ts";
export type { ColumnValue, ColumnValues } from "./predicate/column_value.ts";
export {
  commitComputed,
  type CommitComputedOptions,
  type ComputedChange,
  type WriteOutcome,
} from "./table/commit_computed.ts";
export type { Condition } from "./predicate/condition.ts";
export { exactLiteral } from "./predicate/exact_literal.ts";
export { frameOf, type Rows } from "./write/frame_of.ts";
export type { TablePlace } from "./store/open_place.ts";
export type { CommitRequest } from "./log/commit.ts";
export type { Conflict, Reads } from "./log/conflict.ts";
export { convertFolder, type ConvertOptions } from "./maintain/convert_folder.ts";
export { createTable, type NewTable, openOrCreateTable } from "./table/create_table.ts";
export type { StageOptions } from "./write/new_data_file.ts";
export type { TableContext } from "./schema/table_context.ts";
export {
  CommitConflictError,
  CorruptFileError,
  CorruptLogError,
  DeltaError,
  type DeltaErrorCode,
  type DeltaErrorOptions,
  NotFoundError,
  StoreError,
  type StoreFault,
  TableNotFoundError,
  TooLargeError,
  UnknownOutcomeError,
  UnsupportedTableError,
} from "./errors.ts";
export { emptyFrame } from "./write/empty_frame.ts";
export { fitFrame } from "./write/frame_to_schema.ts";
export type { ColumnBounds, Comparable } from "./stats/bounds.ts";
export { columnBounds, type KnownFile, type PredicateTable } from "./stats/column_bounds.ts";
export { type FileMatch, fileMatcher } from "./stats/file_pruning.ts";
export { statsRows } from "./stats/file_stats.ts";
export type { Expression, Frame } from "./schema/polars_type.ts";
export { frameRows } from "./read/frame_rows.ts";
export { type OptimizeOptions, type OptimizeOutcome, optimizeTable } from "./maintain/optimize_table.ts";
export { type ChangeOptions, deleteRows } from "./change/delete_rows.ts";
export {
  type InsertClause,
  type MergeCondition,
  type RowClause,
  sourceColumn,
} from "./change/merge_clauses.ts";
export { mergeInto, type MergeOptions } from "./change/merge_into.ts";
export { type OverwriteOptions, overwriteTable } from "./change/overwrite_table.ts";
export type { PartitionValue } from "./schema/partition_value.ts";
export {
  type ColumnPath,
  type Literal,
  type Operator,
  type Predicate,
  predicateColumns,
} from "./predicate/predicate.ts";
export { parsePredicate } from "./predicate/parser.ts";
export { toPolars } from "./predicate/polars.ts";
export { type RestoreOptions, type RestoreOutcome, restoreTable } from "./maintain/restore_table.ts";
export { replaceGroups, type ReplaceGroupsOptions } from "./change/replace_groups.ts";
export {
  scanArrow,
  type ScannedFile,
  scannedFiles,
  type ScanOptions,
  scanTable,
} from "./table/scan_table.ts";
export { type ChangeRange, tableChanges } from "./table/table_changes.ts";
export { openTableAt, type TableMoment, versionAt } from "./table/time_travel.ts";
export type { Row, RowValue } from "./schema/row_value.ts";
export type {
  ArrayType,
  DataType,
  MapType,
  PrimitiveType,
  StructField,
  StructType,
} from "./schema/schema.ts";
export { formatType, tableSchema } from "./schema/schema.ts";
export type { Snapshot } from "./log/snapshot.ts";
export { LocalStore } from "./store/local_store.ts";
export { MemoryStore } from "./store/memory_store.ts";
export type { ByteRange } from "./store/byte_range.ts";
export type { ListOptions, Store, StoreEntry, StoreGuarantees } from "./store/store.ts";
export {
  type CommitOutcome,
  type DeltaTable,
  type HistoryEntry,
  type OpenOptions,
  openTable,
  type TableOptions,
} from "./table/table.ts";
export type { EvolveChoice } from "./table/write_plan.ts";
export type { ColumnFile, ReadColumnsOptions } from "./read/file_buffers.ts";
export type { ReadFileOptions } from "./read/file_reader.ts";
export type { RowSpan } from "./pages/decode_leaf.ts";
export type { FileSource, ReadableFile } from "./read/open_file.ts";
export type { FilePlaces, ReadElsewhere } from "./read/read_logged_file.ts";
export type { TableColumns } from "./actions/table_columns.ts";
export { type TableProperties, tableProperties } from "./actions/table_properties.ts";
export { type RowUpdate, updateRows } from "./change/update_rows.ts";
export { type ExpiryOptions, removeExpired } from "./maintain/remove_expired.ts";
export { type VacuumOptions, type VacuumOutcome, vacuumTable } from "./maintain/vacuum_table.ts";
export { writeParquet } from "./write/write_parquet.ts";
