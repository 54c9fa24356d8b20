/** Writes one frame as one data file that a later commit may name. */
import { pl } from "../../packages/polars.ts";
import type { Add } from "../actions/actions.ts";
import { dataFields, partitionFields } from "../actions/table_columns.ts";
import {
  type EncodedFile,
  type FileTarget,
  partitionTexts,
  putDataFile,
  type StageOptions,
  wrongPartition,
} from "./new_data_file.ts";
import { assertFrameFits, type FrameColumn, frameColumns } from "../schema/frame_schema.ts";
import { measureFrame } from "../stats/frame_stats.ts";
import { withoutArrowSchema } from "../parquet/footer.ts";
import { removeArrowSchema } from "../parquet/footer_file.ts";
import { frameRows } from "../read/frame_rows.ts";
import { encodeRows, storeRow } from "./stage_rows.ts";
import { hasMap } from "../schema/frame_type.ts";
import type { StructField } from "../schema/schema.ts";
import { literalOf } from "../predicate/literal_polars.ts";
import { exactValues } from "./partition_frame.ts";
import { parsePartitionValue, serializePartitionValue } from "../schema/partition_value.ts";
import { assertRules, tableRules } from "../predicate/table_rules.ts";
import { type ColumnStats, type StatsColumn, statsColumns } from "../stats/stats.ts";
import type { Frame } from "../schema/polars_type.ts";
import type { Store } from "../store/store.ts";

/** How a file is written. */
export interface WriteChoice {
  /** True lets other work go on in JavaScript while polars compresses. */
  readonly isBeside?: boolean;
}

/** Fewer rows are written before another thread has begun. */
const BESIDE_ROWS = 4096;

/**
 * Writes a frame as one Parquet file with statistics. Nothing sees the file until a commit names it.
 *
 * Partition columns are not written; where the frame has them they must hold the partition's value only.
 *
 * @throws {TypeError} naming each column that is missing, unknown, of another type, or null where it must not be
 */
export async function stageFrame(
  frame: Frame,
  target: FileTarget,
  { partitionValues = {}, tags, isBeside = false }: StageOptions & WriteChoice = {},
): Promise<Add> {
  const values = partitionTexts(target, partitionValues);
  const encoded = encodeFrame(frame, target, { values, isBeside });
  return await putDataFile(encoded, target, values, tags);
}

function encodeFrame(
  frame: Frame,
  target: FileTarget,
  { values, isBeside }: Pick<PartitionOf, "values"> & Required<WriteChoice>,
): EncodedFile {
  const fields = dataFields(target);
  const found = frameColumns(frame);
  const columns = dropPartitionColumns(frame, found, { target, values });
  assertFrameFits(columns, fields);
  const categorical = new Set(columns.filter(({ isCategorical }) => isCategorical).map(({ name }) => name));
  const expected = statsColumns(fields, target.metadata.configuration);
  const measured = measureFrame(frame, withRequired(expected, fields), categorical);
  assertNoNulls(measured, fields);
  const rules = tableRules(target.metadata);
  if (rules.length > 0) assertRules(withPartition(frame, target, values), rules, target.schema);
  const data = frame.select(...fields.map(({ name }) => name));
  const described = { numRecords: frame.height, columns: measured.slice(0, expected.length) };
  if (fields.some(({ type }) => hasMap(type))) {
    return { ...described, content: encodeByRows(data, fields, target), codec: "snappy" };
  }
  return { ...described, content: encodeParquet(data, target.store, isBeside), codec: "zstd" };
}

// Into memory polars writes by thousands of small calls, whatever the size: 8 ms of them per file.
function encodeParquet(data: Frame, store: Store, isBeside: boolean): EncodedFile["content"] {
  if (store.putWritten === undefined) return withoutArrowSchema(data.writeParquet({ compression: "zstd" }));
  if (isBeside && data.height >= BESIDE_ROWS) {
    return async (place) => {
      await data.lazy().sinkParquet(place, { compression: "zstd", compressionLevel: 1 }).collect();
      removeArrowSchema(place);
    };
  }
  return (place) => {
    data.writeParquet(place, { compression: "zstd" });
    removeArrowSchema(place);
  };
}

// polars reads maps as lists of entries, and would write them as such.
function encodeByRows(frame: Frame, fields: readonly StructField[], { store }: FileTarget): Uint8Array {
  const rows = Array.from(frameRows(frame, fields), (row) => storeRow(row, fields, store.label));
  return encodeRows(rows, fields);
}

// Columns that must not be null are counted even where the table keeps no statistics of them.
function withRequired(
  expected: readonly StatsColumn[],
  fields: readonly StructField[],
): readonly StatsColumn[] {
  const known = new Set(expected.map(({ path }) => path.join(".")));
  const more = fields.filter(({ name, nullable }) => !nullable && !known.has(name));
  return [...expected, ...more.map(({ name, type }) => ({ path: [name], type }))];
}

// Rules may use partition columns too.
function withPartition(
  frame: Frame,
  { schema }: FileTarget,
  values: Readonly<Record<string, string | null>>,
): Frame {
  const fields = schema.fields.filter(({ name }) => Object.hasOwn(values, name));
  if (fields.length === 0) return frame;
  return frame.withColumns(
    ...fields.map(({ name, type }) => literalOf(parsePartitionValue(values[name], type), type).alias(name)),
  );
}

interface PartitionOf {
  readonly target: FileTarget;
  readonly values: Readonly<Record<string, string | null>>;
}

function dropPartitionColumns(
  frame: Frame,
  columns: readonly FrameColumn[],
  { target, values }: PartitionOf,
): readonly FrameColumn[] {
  const fields = partitionFields(target).filter(({ name }) => frame.columns.includes(name));
  for (const field of fields) assertConstant(frame, field, values[field.name] ?? null);
  return columns.filter(({ name }) => !Object.hasOwn(values, name));
}

function assertConstant(frame: Frame, { name, type }: StructField, expected: string | null): void {
  const distinct = frame.select(pl.col(name).unique()).head(3);
  const found = exactValues(distinct, { name, type }).map((value) => serializePartitionValue(value, type));
  const isSame = found.every((value) => value === expected);
  if (!isSame) {
    throw wrongPartition(
      name,
      `holding ${found.map((value) => JSON.stringify(value)).join(", ")}`,
      expected,
    );
  }
}

function assertNoNulls(columns: readonly ColumnStats[], fields: readonly StructField[]): void {
  const required = new Set(fields.filter(({ nullable }) => !nullable).map(({ name }) => name));
  const fault = columns.find(({ column: { path }, nullCount }) =>
    nullCount > 0 && required.has(path.join("."))
  );
  if (fault === undefined) return;
  const name = fault.column.path.join(".");
  throw new TypeError(`Cannot write the column "${name}": found ${fault.nullCount} nulls, expected none`);
}
