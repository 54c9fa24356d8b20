/** Reads recorded responses of the API train by train, whatever their size. */
import { systemFault } from "../errors.ts";
import { IdentityScanner } from "../train/identity_scanner.ts";
import type { ReceivedTrain } from "../train/train_identity.ts";
import { createJsonArraySplitter } from "./split_json_array.ts";
import { splitLines } from "./split_lines.ts";

const MAX_ELEMENT_BYTES = 16 * 1024 * 1024;
const OPEN_BRACKET = 0x5b;
const CHUNK_BYTES = 256 * 1024;

/** The file is not what its name says; the message says where. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** One train of a recording, as it was recorded. */
export interface RecordedTrain extends ReceivedTrain {
  /** "line 7" or "byte 4711": where it begins in the unpacked file. */
  readonly place: string;
}

/**
 * Reads a recorded response (`.json`, an array) or one JSON value per line (`.ndjson`, `.jsonl`; a line that is an array
 * counts as its elements), compressed with gzip when the name says so. Memory is bounded by the largest train.
 *
 * @throws {RecordingError} When it cannot be read to its end. The content of the elements is not checked.
 */
export async function* readRecording(
  path: string,
): AsyncGenerator<readonly RecordedTrain[], void, undefined> {
  const position = { unpackedBytes: 0 };
  try {
    using file = await Deno.open(path);
    const chunks = count(await openChunks(file, path), position);
    yield* /\.(?:ndjson|jsonl)(?:\.gz)?$/i.test(path) ? readLines(chunks) : readArray(chunks);
  } catch (error) {
    throw asRecordingError(error, path, position);
  }
}

/**
 * Reads all of a recording and checks that every element is JSON.
 *
 * @throws {RecordingError} That names the line or byte of the first fault before the signal.
 */
export async function checkRecording(
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const scanner = new IdentityScanner();
  for await (const trains of readRecording(path)) {
    if (options.signal?.aborted === true) return;
    for (const { bytes, identity, place } of trains) {
      const isJson = identity !== undefined || scanner.scan(bytes) === bytes.length;
      const fault = isJson ? null : jsonFault(bytes, utf8);
      if (fault !== null) throw new RecordingError(`Cannot read recording "${path}": ${place}: ${fault}`);
    }
  }
}

function jsonFault(bytes: Uint8Array, utf8: TextDecoder): string | null {
  try {
    JSON.parse(utf8.decode(bytes));
    return null;
  } catch (error) {
    return `found no JSON (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** How far the reading is, for the message of a fault. */
interface ReadPosition {
  unpackedBytes: number;
}

async function openChunks(file: Deno.FsFile, path: string): Promise<AsyncIterable<Uint8Array>> {
  if (!/\.gz$/i.test(path)) return readChunks(file);
  const [{ pipeline }, { createGunzip }] = await Promise.all([import("node:stream"), import("node:zlib")]);
  // Unlike DecompressionStream, node:zlib reads files that were compressed in parts. Faults come out of the iteration.
  return pipeline(file.readable, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

/** Larger chunks than the file's own stream has; each has its own memory, which the trains in it share. */
async function* readChunks(file: Deno.FsFile): AsyncGenerator<Uint8Array> {
  while (true) {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const length = await file.read(buffer);
    if (length === null) return;
    yield buffer.subarray(0, length);
  }
}

async function* count(chunks: AsyncIterable<Uint8Array>, position: ReadPosition): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    position.unpackedBytes += chunk.length;
    yield chunk;
  }
}

async function* readArray(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly RecordedTrain[]> {
  const splitter = createJsonArraySplitter({ maxElementBytes: MAX_ELEMENT_BYTES });
  for await (const chunk of chunks) {
    yield splitter.push(chunk).map(({ position, ...train }) => ({ ...train, place: `byte ${position}` }));
  }
  splitter.end();
}

async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly RecordedTrain[]> {
  for await (const lines of splitLines(chunks, { maxLineBytes: MAX_ELEMENT_BYTES })) {
    yield lines.flatMap(({ number, ...line }) =>
      (line.bytes[0] === OPEN_BRACKET ? splitLine(line.bytes, number) : [line])
        .map(({ bytes, identity }) => ({ bytes, identity, place: `line ${number}` }))
    );
  }
}

function splitLine(line: Uint8Array, number: number): readonly ReceivedTrain[] {
  const splitter = createJsonArraySplitter({ maxElementBytes: MAX_ELEMENT_BYTES });
  try {
    const elements = splitter.push(line);
    splitter.end();
    return elements;
  } catch (error) {
    throw error instanceof SyntaxError ? new SyntaxError(`line ${number}: ${error.message}`) : error;
  }
}

function asRecordingError(error: unknown, path: string, { unpackedBytes }: ReadPosition): unknown {
  if (systemFault(error) === "missing right" || !(error instanceof Error)) return error;
  const isUnpacking = "code" in error && String(error.code).startsWith("Z_");
  const found = isUnpacking
    ? `unpacked byte ${unpackedBytes}: ${error.message}, expected gzip data`
    : error.message;
  return new RecordingError(`Cannot read recording "${path}": ${found}`, { cause: error });
}
