/** A part of a file, so that a footer does not cost the file. */

/** Bytes of a file from `offset` on, both whole numbers of at least 0. */
export interface ByteRange {
  /** Of the first byte, counted from 0. */
  readonly offset: number;
  /** At most so many; where the file ends before, those that are there, down to none. */
  readonly length: number;
}

/**
 * Throws unless a store can read the range.
 *
 * @throws {TypeError} on a negative or fractional number; the end of a file is reached by its size, which `list` and
 *   the log know
 */
export function assertByteRange({ offset, length }: ByteRange): void {
  if ([offset, length].every((value) => Number.isSafeInteger(value) && value >= 0)) return;
  const found = `offset ${offset} and length ${length}`;
  throw new TypeError(`Cannot read a range of a file: found ${found}, expected whole numbers of at least 0`);
}
