/**
 * The part of `mod.ts` that opening and reading a table needs. A script that only reads starts in two thirds of the
 * time with it: `mod.ts` loads all that writes as well.
 *
 * @module
 */
export { longsOf, rowCount } from "./columns/column.ts";
export { gatherColumns } from "./columns/gather_columns.ts";
export { frameOfColumns } from "./columns/frame_of_columns.ts";
export { columnsOfFrame } from "./read/columns_of_frame.ts";
export { CorruptFileError, CorruptLogError, TableNotFoundError } from "./errors.ts";
export { frameRows } from "./read/frame_rows.ts";
export { fitFrame } from "./write/frame_to_schema.ts";
export { columnBounds } from "./stats/column_bounds.ts";
export { statsRows } from "./stats/file_stats.ts";
export { tableSchema } from "./schema/schema.ts";
export { LocalStore } from "./store/local_store.ts";
export { openTable } from "./table/table.ts";
export { openTableAt } from "./table/time_travel.ts";
