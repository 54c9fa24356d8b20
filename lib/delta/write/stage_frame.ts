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
import { footerStats } from "../stats/footer_stats.ts";
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
/** Written in one piece, a column of text with more rows than 210,000 has twice its nulls in the footer; a stream has not. */
const STREAMED_ROWS = 131_072;

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
  assertFrameFits(dropPartitionColumns(frame, found, { target, values }), fields);
  assertNoNulls(frame, fields);
  const rules = tableRules(target.metadata);
  if (rules.length > 0) assertRules(withPartition(frame, target, values), rules, target.schema);
  const categorical = new Set(found.filter(({ isCategorical }) => isCategorical).map(({ name }) => name));
  const measured = { frame, expected: statsColumns(fields, target.metadata.configuration), categorical };
  const data = frame.select(...fields.map(({ name }) => name));
  const numRecords = frame.height;
  if (fields.some(({ type }) => hasMap(type))) {
    const columns = () => measureFrame(frame, measured.expected, categorical);
    return { numRecords, columns, content: encodeByRows(data, fields, target), codec: "snappy" };
  }
  const { content, tail } = encodeParquet(data, target.store, isBeside);
  return { numRecords, columns: () => statsOf(tail(), measured), content, codec: "zstd" };
}

/** A file with its end, which is there when the content is written. */
interface EncodedParquet extends Pick<EncodedFile, "content"> {
  readonly tail: () => Uint8Array;
}

// Into memory polars writes by thousands of small calls, whatever the size: 8 ms of them per file.
function encodeParquet(data: Frame, store: Store, isBeside: boolean): EncodedParquet {
  if (store.putWritten === undefined) {
    const bytes = withoutArrowSchema(data.writeParquet({ compression: "zstd" }));
    return { content: bytes, tail: () => bytes };
  }
  let end: Uint8Array = new Uint8Array();
  const content = async (place: string): Promise<void> => {
    if (data.height >= (isBeside ? BESIDE_ROWS : STREAMED_ROWS)) {
      await data.lazy().sinkParquet(place, { compression: "zstd", compressionLevel: 1 }).collect();
    } else data.writeParquet(place, { compression: "zstd" });
    end = removeArrowSchema(place);
  };
  return { content, tail: () => end };
}

interface Counted {
  readonly frame: Frame;
  readonly expected: readonly StatsColumn[];
  readonly categorical: ReadonlySet<string>;
}

/** What polars has counted as it wrote stands in the footer; the rest is counted. */
function statsOf(tail: Uint8Array, { frame, expected, categorical }: Counted): readonly ColumnStats[] {
  // Categories are written in the order of their codes, and perhaps so compared.
  const isPlain = ({ path: [name = ""] }: StatsColumn) => !categorical.has(name);
  const written = new Map(
    footerStats(tail, frame, expected.filter(isPlain)).map((stats) => [stats.column, stats]),
  );
  const counted = measureFrame(frame, expected.filter((column) => !written.has(column)), categorical)
    .values();
  return expected.flatMap((column) => written.get(column) ?? counted.next().value ?? []);
}

// polars reads maps as lists of entries, and would write them as such.
function encodeByRows(frame: Frame, fields: readonly StructField[], { store }: FileTarget): Uint8Array {
  const rows = Array.from(frameRows(frame, fields), (row) => storeRow(row, fields, store.label));
  return encodeRows(rows, fields);
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

function assertNoNulls(frame: Frame, fields: readonly StructField[]): void {
  for (const { name, nullable } of fields) {
    const nulls = nullable ? 0 : frame.getColumn(name).nullCount();
    if (nulls > 0) {
      throw new TypeError(`Cannot write the column "${name}": found ${nulls} nulls, expected none`);
    }
  }
}
