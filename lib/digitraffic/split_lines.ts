/**
 * Splits a stream of bytes into lines, for recordings with one JSON value per line.
 *
 * @module
 */
import { IdentityScanner, UNUSUAL } from "../train/identity_scanner.ts";
import type { ReceivedTrain } from "../train/train_identity.ts";

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** One line of a text without its end. */
export interface Line extends ReceivedTrain {
  /** From 1. */
  readonly number: number;
}

/**
 * Splits a text, which arrives in chunks, into its lines; blank lines are counted and left out. Space around a line is
 * no part of it, so that `\r\n` ends a line too. Nor is a byte order mark before it, as files have it that were joined.
 *
 * @throws {SyntaxError} When a line is longer than `maxLineBytes`.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly maxLineBytes: number },
): AsyncGenerator<readonly Line[], void, undefined> {
  const scanner = new IdentityScanner();
  const carried: Uint8Array[] = [];
  let number = 1;
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    while (from < chunk.length) {
      const scanned = carried.length === 0 ? scanner.scan(chunk, from) : UNUSUAL;
      const isLine = chunk[scanned] === LINE_FEED;
      const end = isLine ? scanned : chunk.indexOf(LINE_FEED, from);
      if (end === -1) break;
      const bytes = chunk.subarray(from, end);
      if (isLine) lines.push({ bytes, identity: scanner.identity(), number: number++ });
      else pushLine(lines, joinParts([...carried.splice(0), bytes]), number++);
      from = end + 1;
    }
    if (from < chunk.length) carried.push(chunk.slice(from));
    refuseLong(carried, number, options.maxLineBytes);
    yield lines;
  }
  const last: Line[] = [];
  pushLine(last, joinParts(carried), number);
  yield last;
}

function pushLine(lines: Line[], raw: Uint8Array, number: number): void {
  const bytes = trim(raw);
  if (bytes.length > 0) lines.push({ bytes, identity: undefined, number });
}

function refuseLong(parts: readonly Uint8Array[], number: number, maxLineBytes: number): void {
  const sizeBytes = parts.reduce((sum, part) => sum + part.length, 0);
  if (sizeBytes > maxLineBytes) {
    throw new SyntaxError(`line ${number}: found a line over ${maxLineBytes} bytes`);
  }
}

function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function trim(line: Uint8Array): Uint8Array {
  const isMarked = BYTE_ORDER_MARK.every((byte, index) => line[index] === byte);
  let [from, to] = [isMarked ? BYTE_ORDER_MARK.length : 0, line.length];
  while (from < to && isSpace(line[from])) from++;
  while (to > from && isSpace(line[to - 1])) to--;
  return line.subarray(from, to);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x09;
}
