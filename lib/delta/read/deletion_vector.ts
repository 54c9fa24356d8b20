/** Reads deletion vectors: rows of a file that were deleted without writing it again. */
import { crc32 } from "node:zlib";
import type { Add, DeletionVector } from "../actions/actions.ts";
import { type FilePlaces, readLogged } from "./read_logged_file.ts";
import type { ByteRange } from "../store/byte_range.ts";
import { CorruptFileError } from "../errors.ts";
import { countRows, decodeRowSet, type RowMask } from "./roaring_bitmap.ts";
import { decodeZ85 } from "./z85.ts";

/** Length of a UUID in Z85. */
const UUID_LENGTH = 20;
const FILE_FORMAT = 1;

/**
 * The rows of a data file that its deletion vector deletes; undefined when it has none.
 *
 * @throws {CorruptFileError} when the vector cannot be read or is not what the log says
 */
export async function readDeletedRows(
  { path, deletionVector }: Pick<Add, "path" | "deletionVector">,
  rowCount: number,
  places: FilePlaces,
): Promise<RowMask | undefined> {
  if (deletionVector === undefined) return undefined;
  try {
    const mask = decodeRowSet(await readVector(deletionVector, places), rowCount);
    const { cardinality } = deletionVector;
    const found = countRows(mask);
    if (found === cardinality) return mask;
    throw new TypeError(`found ${found} rows, expected ${cardinality}`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot read the deletion vector of "${path}": ${reason}`;
    throw new CorruptFileError(message, path, { cause, table: places.store.label });
  }
}

/** Names a deletion vector: two with the same name delete the same rows. */
export function vectorName({ storageType, pathOrInlineDv, offset }: DeletionVector): string {
  return `${storageType}${pathOrInlineDv}@${offset ?? 0}`;
}

async function readVector(vector: DeletionVector, places: FilePlaces): Promise<Uint8Array> {
  const { storageType, pathOrInlineDv } = vector;
  switch (storageType) {
    case "i":
      return decodeZ85(pathOrInlineDv);
    case "u":
      return cutVector(await readLogged(relativePath(pathOrInlineDv), places, spanOf(vector)), vector);
    case "p":
      return cutVector(await readLogged(pathOrInlineDv, places, spanOf(vector)), vector);
    default:
      throw new TypeError(`found the storage type "${storageType}", expected u, i or p`);
  }
}

// What precedes the UUID is a folder.
function relativePath(text: string): string {
  const hex = decodeZ85(text.slice(-UUID_LENGTH)).toHex();
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const folder = text.slice(0, -UUID_LENGTH);
  return `${folder === "" ? "" : `${folder}/`}deletion_vector_${uuid}.bin`;
}

// From the format in the first byte to the checksum.
function spanOf({ offset = 1, sizeInBytes }: DeletionVector): ByteRange {
  return { offset: 0, length: Math.max(0, offset) + Math.max(0, sizeInBytes) + 8 };
}

// A file holds many vectors, each between its length and its checksum.
function cutVector(file: Uint8Array, { offset = 1, sizeInBytes }: DeletionVector): Uint8Array {
  const end = offset + 4 + sizeInBytes;
  if (file[0] !== FILE_FORMAT) throw new TypeError(`found format ${file[0]}, expected ${FILE_FORMAT}`);
  if (end + 4 > file.length) throw new TypeError(`found ${file.length} bytes, expected ${end + 4}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const size = view.getUint32(offset);
  if (size !== sizeInBytes) throw new TypeError(`found the length ${size}, expected ${sizeInBytes}`);
  const vector = file.subarray(offset + 4, end);
  const [found, expected] = [crc32(vector), view.getUint32(end)];
  if (found !== expected) throw new TypeError(`found the checksum ${found}, expected ${expected}`);
  return vector;
}
