/** Reads files by the paths that the log gives them, and refuses those that leave the table. */
import type { Add } from "../actions/actions.ts";
import { decodePath, realPath } from "../actions/log_encoding.ts";
import { CorruptFileError, NotFoundError } from "../errors.ts";
import type { ByteRange } from "../store/byte_range.ts";
import type { Store } from "../store/store.ts";

/**
 * Reads a file that lies outside of the table, by its path or URI; giving one allows a table to name such
 * files. One that is missing is a `NotFoundError`.
 */
export type ReadElsewhere = (path: string) => Promise<Uint8Array>;

/** Where the files that a log names are read from. */
export interface FilePlaces {
  /** The files of the table. */
  readonly store: Store;
  /** Absent: a file outside of the table is an error. */
  readonly readElsewhere?: ReadElsewhere | undefined;
}

/** So many bytes more than twice what the log says, and a file is not the one that it names. */
const SLACK_BYTES = 2 ** 20;

/**
 * Reads a data file, or a range of it; one that lies outside of the table is read whole, whatever the range.
 *
 * @throws {CorruptFileError} when it is missing, or far longer than the log says
 */
export async function readDataBytes(
  { path, size }: Pick<Add, "path"> & Partial<Pick<Add, "size">>,
  places: FilePlaces,
  range?: ByteRange,
): Promise<Uint8Array> {
  try {
    // What the log says of the size bounds what is read; some writers say a little less than is there.
    const limit = size === undefined ? undefined : 2 * Math.max(0, size) + SLACK_BYTES;
    const whole = limit === undefined ? undefined : { offset: 0, length: limit };
    const bytes = await readLogged(path, places, range ?? whole);
    if (range === undefined && limit !== undefined && bytes.length >= limit) {
      throw tooLong(path, size, places);
    }
    return bytes;
  } catch (cause) {
    if (!(cause instanceof NotFoundError)) throw cause;
    const message = `Cannot read the data file "${path}": it is gone, expected it while the version is kept`;
    throw new CorruptFileError(message, path, { cause, table: places.store.label });
  }
}

function tooLong(path: string, size: number | undefined, { store }: FilePlaces): CorruptFileError {
  const message =
    `Cannot read the data file "${path}": found far more bytes, expected ${size} as the log says`;
  return new CorruptFileError(message, path, { table: store.label });
}

/**
 * Reads a file by its path in the log: below the table, absolute inside it, or elsewhere where that is allowed.
 *
 * @throws {TypeError} when it lies elsewhere or climbs out of the table
 * @throws {NotFoundError} when it is missing
 */
export async function readLogged(
  path: string,
  { store, readElsewhere }: FilePlaces,
  range?: ByteRange,
): Promise<Uint8Array> {
  const inside = pathInside(path, store.root);
  if (inside === undefined && readElsewhere !== undefined && isAbsolute(path)) {
    return await readElsewhere(path);
  }
  return await store.read(inside ?? decodePath(path), range);
}

/** The path below the root of an absolute path or file URI; undefined when it does not lie there. */
function pathInside(path: string, root: string | undefined): string | undefined {
  if (root === undefined || !isAbsolute(path)) return undefined;
  const plain = realPath(withoutScheme(path));
  const start = `${withoutScheme(root)}/`;
  return plain.startsWith(start) ? plain.slice(start.length) : undefined;
}

// "file:/a", "file:///a" and "/a" are one place.
function withoutScheme(path: string): string {
  return path.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/, "");
}

function isAbsolute(path: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:|^\//.test(path);
}
