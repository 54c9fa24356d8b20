/** Reads tables in batches, skipping files that the log rules out. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Table as ArrowTable } from "apache-arrow";
import { arrow } from "../../packages/arrow.ts";
import type { Add } from "../actions/actions.ts";
import { type FileMatch, fileMatcher } from "../stats/file_pruning.ts";
import { columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import { partitionFields } from "../actions/table_columns.ts";
import { parsePartitionValue } from "../schema/partition_value.ts";
import { readDataFileParts } from "../read/file_reader.ts";
import { type Condition, readCondition } from "../predicate/condition.ts";
import { predicateColumns } from "../predicate/predicate.ts";
import { toPolars } from "../predicate/polars.ts";
import type { Snapshot } from "../log/snapshot.ts";
import { freeFrames } from "./free_frames.ts";
import type { DeltaTable } from "./table.ts";
import type { Frame } from "../schema/polars_type.ts";

/** What to read of a table; by default all of it. */
export interface ScanOptions {
  /** Only these columns, in this order. */
  readonly columns?: readonly string[] | undefined;
  /** Only rows for which it is true: SQL text such as `track > 2`, or a predicate. */
  readonly where?: Condition | undefined;
  /** At most so many rows in a batch; by default as many as a row group of a file has. */
  readonly batchRows?: number | undefined;
}

/** A file that a scan opens. */
export interface ScannedFile {
  /** The file as the log names it. */
  readonly add: Add;
  /** "all": every row matches. */
  readonly match: Exclude<FileMatch, "none">;
}

/**
 * The files that can hold rows that a predicate matches, by the log alone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, scannedFiles, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * const files = [scannedFiles(table.snapshot), scannedFiles(table.snapshot, "track < 1")];
 * assertEquals(files.map(({ length }) => length), [1, 0]);
 * ```
 */
export function scannedFiles(snapshot: Snapshot, where?: Condition): readonly ScannedFile[] {
  checkArguments("scannedFiles", { snapshot, where }, {
    snapshot: KIND.snapshot,
    where: KIND.optional(KIND.condition),
  });
  const matchOf = where === undefined ? () => "all" as const : fileMatcher(where, snapshot);
  return [...snapshot.files.values()].flatMap((add) => {
    const match = matchOf(add);
    return match === "none" ? [] : [{ add, match }];
  });
}

/**
 * Reads the rows of a table in batches, each a polars frame with rows in it. Files that cannot hold requested rows are
 * not opened. In memory are the bytes of one file and the rows of one of its row groups, if the caller releases
 * each batch.
 *
 * @throws {TypeError} when a column is not in the schema, or the predicate does not fit it
 * @throws {CorruptFileError} when a file cannot be read
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, scanTable, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * for await (const frame of scanTable(table, { columns: ["name"], where: "track > 2" })) {
 *   assertEquals([frame.columns, frame.height], [["name"], 1]);
 * }
 * ```
 */
export async function* scanTable(
  table: Pick<DeltaTable, "snapshot" | "fileSource">,
  options: ScanOptions = {},
): AsyncGenerator<Frame> {
  checkArguments("scanTable", { table, options }, { table: KIND.readable, options: SCAN_OPTIONS });
  const { columns, batchRows = Infinity } = options;
  const { snapshot, fileSource } = table;
  const where = options.where === undefined ? undefined : readCondition(options.where, snapshot.schema);
  const expected = columns ?? snapshot.schema.fields.map(({ name }) => name);
  const filter = where === undefined ? undefined : toPolars(where, snapshot.schema);
  const files = scannedFiles(snapshot, where);
  assertPartitionValues(files, expected, snapshot);
  const free = freeFrames();
  for (const { add, match } of files) {
    const isFiltered = where !== undefined && match === "some";
    const needed = isFiltered ? [...new Set([...expected, ...predicateColumns(where)])] : expected;
    for await (const part of readDataFileParts(add, fileSource, { columns: needed })) {
      const rows = (isFiltered && filter !== undefined ? part.filter(filter) : part).select(...expected);
      for (let start = 0; start < rows.height; start += batchRows) {
        yield batchRows >= rows.height ? rows : rows.slice(start, batchRows);
      }
      await free(part);
    }
  }
}

// A value that cannot be read ends the scan before its first row, not after a part of them.
function assertPartitionValues(
  files: readonly ScannedFile[],
  columns: readonly string[],
  { schema, metadata }: Snapshot,
): void {
  const mode = columnMappingMode(metadata);
  for (const field of partitionFields({ schema, metadata })) {
    if (!columns.includes(field.name)) continue;
    const name = physicalName(field, mode);
    const texts = new Set(
      files.map(({ add: { partitionValues } }) =>
        Object.hasOwn(partitionValues, name) ? partitionValues[name] : null
      ),
    );
    for (const text of texts) parsePartitionValue(text, field.type);
  }
}

const SCAN_OPTIONS = optionsOf({
  columns: KIND.optional(KIND.names),
  where: KIND.optional(KIND.condition),
  batchRows: KIND.optional(KIND.positive),
});

/**
 * The same as Arrow tables.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, scanArrow, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * for await (const batch of scanArrow(table)) assertEquals(batch.getChild("name")?.get(0), "HKI");
 * ```
 */
export async function* scanArrow(
  table: Pick<DeltaTable, "snapshot" | "fileSource">,
  options: ScanOptions = {},
): AsyncGenerator<ArrowTable> {
  checkArguments("scanArrow", { table, options }, { table: KIND.readable, options: SCAN_OPTIONS });
  for await (const frame of scanTable(table, options)) yield arrow.tableFromIPC(frame.writeIPC());
}
