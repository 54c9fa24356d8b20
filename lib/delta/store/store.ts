/** The promise that every store keeps; `tests/contract/store_contract.ts` names each part of it as a test step. */

import type { ByteRange } from "./byte_range.ts";

/** One file of a store. */
export interface StoreEntry {
  /** Path below the root of the store, with "/" between the parts. */
  readonly path: string;
  /** Of the file. */
  readonly sizeBytes: number;
  /** Milliseconds since 1970 UTC. */
  readonly modifiedMs: number;
}

/** Options of {@linkcode Store.list}. */
export interface ListOptions {
  /** Only paths that sort after this one. */
  readonly startAfter?: string;
  /** For cleaning up: also temporary files that writers left when they died, but no links, which lead elsewhere. */
  readonly forRemoval?: boolean;
}

/** What a store guarantees; what it cannot promise, the code above it makes up for or refuses to do. */
export interface StoreGuarantees {
  /** Of all callers of `putIfAbsent`, in any process, exactly one gets true. Without it nothing is committed. */
  readonly atomicPutIfAbsent: boolean;
  /** `list` and `read` show every write that has returned. Without it a new version may be seen late. */
  readonly consistentListing: boolean;
  /** A write that has returned outlives a power cut. */
  readonly durable: boolean;
  /** A write that threw has not happened and will not. Without it a commit that failed is looked for in the log. */
  readonly failedPutLeavesNothing: boolean;
}

/**
 * The files of one table. All paths are relative to its root; a path that is absolute, climbs out, or has empty
 * parts is refused with a `TypeError` before anything is touched.
 */
export interface Store {
  /** For messages and logs: "data_files/standard_zone/trains_travel". */
  readonly label: string;

  /** What the code above may rely on. */
  readonly guarantees: StoreGuarantees;

  /** Absolute path or URI of the root, where it has one: logs may name files of the table by it. */
  readonly root?: string | undefined;

  /**
   * Reads a file, or a range of it, into bytes that belong to the caller. What of the range lies beyond the end of the
   * file is left out: `offset` at the end or behind it gives no bytes.
   *
   * @throws {NotFoundError} when it is missing; any other failure is another error
   * @throws {TypeError} when a number of the range is negative or no whole number
   */
  read(path: string, range?: ByteRange): Promise<Uint8Array>;

  /**
   * Creates a file if none has this path; false means taken. Of several callers exactly one gets true, a reader sees
   * all bytes or no file, and the bytes are durable when it returns. Nothing remains of a failed call.
   */
  putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean>;

  /**
   * Writes a file, replacing one of the same path. A reader sees the old or the new bytes, never a part, and the
   * bytes are durable when it returns. Nothing remains of a failed call.
   */
  put(path: string, bytes: Uint8Array): Promise<void>;

  /**
   * Like `put`, of a file that `write` fills: for native code, which is much faster when it may write to a path of the
   * disk. The place is a file that the store has made below its own root and that nothing else sees. Gives the size in
   * bytes. Absent where a store has no such places.
   */
  putWritten?(path: string, write: (place: string) => void | Promise<void>): Promise<number>;

  /** All files whose path starts with the prefix, at any depth, in the order of their UTF-16 code units. */
  list(prefix: string, options?: ListOptions): Promise<readonly StoreEntry[]>;

  /** Removes a file; a missing one is no error. */
  remove(path: string): Promise<void>;
}
