/** Opens data files: bytes that polars may see, and what types it finds in them. */
import { Buffer } from "node:buffer";
import type { DataType as ArrowType } from "apache-arrow";
import { pl } from "../../packages/polars.ts";
import type { Add } from "../actions/actions.ts";
import type { TableColumns } from "../actions/table_columns.ts";
import { CorruptFileError } from "../errors.ts";
import { checkFooter } from "../parquet/check_footer.ts";
import { withoutArrowSchema } from "../parquet/footer.ts";
import { fieldOf, readFooter } from "../parquet/read_footer.ts";
import type { Frame } from "../schema/polars_type.ts";
import { columnMatch } from "./column_match.ts";
import { arrowTypes, type FileColumns } from "./file_columns.ts";
import { type FilePlaces, readDataBytes } from "./read_logged_file.ts";

/** Where to read from. */
export interface FileSource extends TableColumns, FilePlaces {
  /** What the rows of one row group may take in memory, four times as much for a whole file; by default 1 GiB. */
  readonly maxDecodedBytes?: number | undefined;
}

/** What must be known of a file to read it. */
export type ReadableFile =
  & Pick<Add, "path" | "partitionValues" | "stats" | "deletionVector">
  & Partial<Pick<Add, "size">>;

/** A file whose bytes are there. */
export interface OpenFile extends FileColumns {
  readonly file: ReadableFile;
  readonly source: FileSource;
  readonly bytes: Uint8Array;
}

/** FileMetaData. */
const SCHEMA = 2;
const KNOWN_LIMIT = 64;
const KNOWN_BYTES = 65_536;
const known = new Map<string, ReadonlyMap<string, ArrowType>>();

/**
 * Reads the bytes of a file, and checks what native code would trip over.
 *
 * @throws {CorruptFileError} when it is no Parquet file
 */
export async function openFile(file: ReadableFile, source: FileSource): Promise<OpenFile> {
  const stored = await readDataBytes(file, source);
  return attemptRead({ file, source }, () => {
    checkFooter(stored);
    const bytes = withoutArrowSchema(stored);
    const match = columnMatch(source.metadata, bytes);
    return { file, source, bytes, path: file.path, label: source.store.label, types: typesIn(bytes), match };
  });
}

/** Names the file in whatever goes wrong with its bytes. */
export function attemptRead<T>(
  { file: { path }, source }: Pick<OpenFile, "file" | "source">,
  read: () => T,
): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot read the data file "${path}": ${reason}`;
    throw new CorruptFileError(message, path, { cause, table: source.store.label });
  }
}

/** These columns of a file, all of its rows. */
export function decodeFrame(
  bytes: Uint8Array,
  options: { columns?: string[]; nRows?: number },
): Frame {
  // nodejs-polars takes a Buffer only; this one is a view, not a copy.
  return pl.readParquet(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), options);
}

// Asking polars takes longer than decoding a small file. Most files of a table have one schema, to the byte, and without
// the Arrow schema it alone decides.
function typesIn(bytes: Uint8Array): ReadonlyMap<string, ArrowType> {
  const { footer } = readFooter(bytes);
  const { valueStart, end } = fieldOf(footer, SCHEMA);
  const schema = Buffer.from(footer.subarray(valueStart, end)).toString("latin1");
  const types = known.get(schema) ?? arrowTypes(decodeFrame(bytes, { nRows: 0 }));
  if (known.size >= KNOWN_LIMIT) known.clear();
  if (schema.length <= KNOWN_BYTES) known.set(schema, types);
  return types;
}
