/** Takes the bounds of columns from the footer of a data file, where its writer has already found them. */
import { fieldOf, readFooter } from "../parquet/read_footer.ts";
import { readListSize, structsOfList } from "../parquet/thrift_cursor.ts";
import { fieldsAt, type StructPart } from "../parquet/thrift_fields.ts";
import { readVarint } from "../parquet/thrift_values.ts";
import type { Frame } from "../schema/polars_type.ts";
import { compareCodePoints } from "../schema/text_order.ts";
import { type Bound, type ColumnStats, encodeBound, hasBounds, type StatsColumn } from "./stats.ts";

/** Ids of fields in parquet.thrift. */
const FILE = { rowGroups: 4 };
const GROUP = { columns: 1 };
const CHUNK = { metadata: 3 };
const COLUMN = { path: 3, statistics: 12 };
const STATISTICS = { max: 5, min: 6 };

/** polars cuts texts to 64 bytes, to fewer where a character would be divided. */
const CUT_BYTES = 60;

/** What one row group says of a column. */
interface ChunkBounds {
  readonly min: Uint8Array | undefined;
  readonly max: Uint8Array | undefined;
}

/**
 * The statistics of columns of a frame that polars has just written, with the bounds that it has found by the way.
 * Columns that the footer does not say all of are left out: those inside structs, those of types that Parquet does not
 * spell as they are compared, and texts that were perhaps cut. Nulls are those of the frame: polars' footers say twice as
 * many of a text in 210,052 rows or more.
 *
 * @param tail the end of the file, with its whole footer
 */
export function footerStats(
  tail: Uint8Array,
  frame: Frame,
  columns: readonly StatsColumn[],
): readonly ColumnStats[] {
  const chunks = chunksOf(readFooter(tail).footer);
  return columns.flatMap((column) => {
    const [name = ""] = column.path;
    const found = column.path.length === 1 ? chunks.get(name) : undefined;
    return found === undefined ? [] : columnStats(column, found, frame) ?? [];
  });
}

function columnStats(
  column: StatsColumn,
  chunks: readonly ChunkBounds[],
  frame: Frame,
): ColumnStats | undefined {
  const { path: [name = ""], type } = column;
  const nullCount = frame.getColumn(name).nullCount();
  if (nullCount === frame.height || !hasBounds(type)) return { column, nullCount };
  const read = READ[String(type)];
  const bounds = read === undefined ? undefined : joinBounds(chunks, read);
  return bounds && {
    column,
    nullCount,
    min: encodeBound(bounds.min, type, "min"),
    max: encodeBound(bounds.max, type, "max"),
  };
}

// A group of nothing but nulls has none.
function joinBounds(
  chunks: readonly ChunkBounds[],
  read: (bytes: Uint8Array) => Bound,
): { readonly min: Bound; readonly max: Bound } | undefined {
  let least: Bound | undefined, most: Bound | undefined;
  for (const { min, max } of chunks) {
    if (isPerhapsCut(min) || isPerhapsCut(max)) return undefined;
    const [low, high] = [min && read(min), max && read(max)];
    if (low !== undefined && (least === undefined || isBelow(low, least))) least = low;
    if (high !== undefined && (most === undefined || isBelow(most, high))) most = high;
  }
  return least === undefined || most === undefined ? undefined : { min: least, max: most };
}

function isPerhapsCut(bound: Uint8Array | undefined): boolean {
  return bound !== undefined && bound.length >= CUT_BYTES;
}

function chunksOf(footer: Uint8Array): ReadonlyMap<string, readonly ChunkBounds[]> {
  const chunks = new Map<string, ChunkBounds[]>();
  const groups = fieldOf(footer, FILE.rowGroups).valueStart;
  for (const group of structsOfList({ bytes: footer, position: groups })) {
    const columns = partOf(fieldsAt(footer, group.start), GROUP.columns);
    if (columns === undefined) continue;
    for (const place of structsOfList({ bytes: footer, position: columns.valueStart })) {
      const metadata = partOf(fieldsAt(footer, place.start), CHUNK.metadata);
      if (metadata === undefined) continue;
      const parts = fieldsAt(footer, metadata.valueStart);
      const name = topLevelName(footer, partOf(parts, COLUMN.path));
      if (name === undefined) continue;
      const known = chunks.get(name) ?? [];
      known.push(chunkBounds(footer, parts));
      chunks.set(name, known);
    }
  }
  return chunks;
}

function chunkBounds(footer: Uint8Array, parts: readonly StructPart[]): ChunkBounds {
  const statistics = partOf(parts, COLUMN.statistics);
  const found = statistics === undefined ? [] : fieldsAt(footer, statistics.valueStart);
  return {
    min: bytesAt(footer, partOf(found, STATISTICS.min)),
    max: bytesAt(footer, partOf(found, STATISTICS.max)),
  };
}

function isBelow(a: Bound, b: Bound): boolean {
  return typeof a === "string" && typeof b === "string" ? compareCodePoints(a, b) < 0 : a < b;
}

/** Bounds as Parquet spells them: little endian; dates are days, times microseconds. Floats have signed zeros and NaN. */
const READ: Readonly<Record<string, (bytes: Uint8Array) => Bound>> = {
  string: (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
  byte: readInt32,
  short: readInt32,
  integer: readInt32,
  date: readInt32,
  long: readInt64,
  timestamp: readInt64,
};

function readInt32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(0, true);
}

function readInt64(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(0, true);
}

function partOf(parts: readonly StructPart[], id: number): StructPart | undefined {
  return parts.find((part) => part.id === id);
}

function bytesAt(bytes: Uint8Array, part: StructPart | undefined): Uint8Array | undefined {
  if (part === undefined) return undefined;
  const cursor = { bytes, position: part.valueStart };
  const length = readVarint(cursor);
  return bytes.subarray(cursor.position, cursor.position + length);
}

function topLevelName(bytes: Uint8Array, part: StructPart | undefined): string | undefined {
  if (part === undefined) return undefined;
  const cursor = { bytes, position: part.valueStart };
  if (readListSize(cursor) !== 1) return undefined;
  const length = readVarint(cursor);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    bytes.subarray(cursor.position, cursor.position + length),
  );
}
