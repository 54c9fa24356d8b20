/** What the footer of a Parquet file says of its rows and columns, by one walk that compares it with parquet.thrift. */
import { PHYSICAL_TYPES } from "./column_form.ts";
import { FOOTER_SHAPE } from "./footer_shapes.ts";
import { readFooter } from "./read_footer.ts";
import { readListSize, readText } from "./thrift_cursor.ts";
import type { SchemaNode } from "./schema_tree.ts";
import type { Cursor } from "./thrift_values.ts";
import { type StructNumbers, walkStruct } from "./walk_struct.ts";

/** A column chunk: where its pages lie, and what the footer says of them. */
export interface ColumnFacts {
  /** As parquet.thrift names them: INT64, ZSTD. */
  readonly type: string;
  readonly codec: string;
  /** With nulls. */
  readonly values: number;
  /** Of its pages when they are decompressed. */
  readonly pageBytes: number;
  /** Its first byte, and how many there are. */
  readonly start: number;
  readonly storedBytes: number;
  /** In the footer: of the list of its names from the top down. */
  readonly pathStart: number;
  /** Whether another file has it. */
  readonly isElsewhere: boolean;
}

/** A row group. */
export interface GroupFacts {
  readonly rows: number;
  readonly pageBytes: number;
  readonly columns: readonly ColumnFacts[];
}

/** What a footer says. */
export interface FooterFacts {
  readonly footer: Uint8Array;
  /** Of the footer in the file. */
  readonly start: number;
  readonly rows: number;
  /** Elements of the schema, as they are written. */
  readonly schema: Uint8Array;
  readonly groups: readonly GroupFacts[];
}

/** FileMetaData, RowGroup, ColumnChunk and ColumnMetaData. */
const FILE = { schema: 2, rows: 3 } as const;
const GROUP = { pageBytes: 2, rows: 3 } as const;
const FILE_PATH = 1;
const COLUMN = {
  type: 1,
  path: 3,
  codec: 4,
  values: 5,
  pageBytes: 6,
  storedBytes: 7,
  data: 9,
  dictionary: 11,
};

/** CompressionCodec. */
const CODECS: readonly string[] = [
  ...["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"],
];

/**
 * Goes once over the footer: all fields have their types, those that must be there are, and numbers are in their ranges.
 *
 * @throws {TypeError} naming what is wrong
 */
export function footerFacts(file: Uint8Array): FooterFacts {
  const { footer, start } = readFooter(file);
  const cursor: Cursor = { bytes: footer, position: 0 };
  const groups: GroupFacts[] = [];
  let columns: ColumnFacts[] = [], column: StructNumbers = [], schemaEnd = 0, top: StructNumbers = [];
  // Structs are over from the innermost outwards.
  walkStruct(cursor, FOOTER_SHAPE, ({ name }, numbers) => {
    if (name === "SchemaElement") schemaEnd = cursor.position;
    else if (name === "ColumnMetaData") column = numbers;
    else if (name === "ColumnChunk") columns.push(columnFacts(column, numbers[FILE_PATH] !== undefined));
    else if (name === "RowGroup") {
      groups.push({ rows: numbers[GROUP.rows] ?? 0, pageBytes: numbers[GROUP.pageBytes] ?? 0, columns });
      columns = [];
    } else if (name === FOOTER_SHAPE.name) top = numbers;
  });
  const schema = footer.subarray(top[FILE.schema], schemaEnd);
  return { footer, start, rows: top[FILE.rows] ?? 0, schema, groups };
}

function columnFacts(numbers: StructNumbers, isElsewhere: boolean): ColumnFacts {
  return {
    type: PHYSICAL_TYPES[numbers[COLUMN.type] ?? -1] ?? "",
    codec: CODECS[numbers[COLUMN.codec] ?? -1] ?? "",
    values: numbers[COLUMN.values] ?? 0,
    pageBytes: numbers[COLUMN.pageBytes] ?? 0,
    // Some writers say 0 where there is no dictionary.
    start: numbers[COLUMN.dictionary] || (numbers[COLUMN.data] ?? 0),
    storedBytes: numbers[COLUMN.storedBytes] ?? 0,
    pathStart: numbers[COLUMN.path] ?? 0,
    isElsewhere,
  };
}

/** The names of a column from the top down. */
export function columnPath({ footer }: Pick<FooterFacts, "footer">, { pathStart }: ColumnFacts): string[] {
  const cursor: Cursor = { bytes: footer, position: pathStart };
  return Array.from({ length: readListSize(cursor) }, () => readText(cursor));
}

/** A row group of a footer. */
export interface GroupPlace extends Pick<FooterFacts, "footer"> {
  readonly group: GroupFacts;
}

/**
 * The column chunk of a leaf of the schema: columns stand in the order of their leaves.
 *
 * @throws {TypeError} when another column stands there, or it is of another type or in another file
 */
export function columnOf(
  { footer, group }: GroupPlace,
  { leaf, path, element: { type } }: Leaf,
): ColumnFacts {
  const column = group.columns[leaf];
  const isMeant = column !== undefined && !column.isElsewhere && column.type === type &&
    columnPath({ footer }, column).join("\0") === path.join("\0");
  if (isMeant) return column;
  throw new TypeError(`found no column "${path.join(".")}" of ${type}, expected one in each row group`);
}

/** What is asked of a leaf. */
type Leaf = Pick<SchemaNode, "leaf" | "path" | "element">;
