/** Reads the body of a response with a bound, since the server is not trusted to keep one. */
import { FetchError } from "./fetch_error.ts";

/** Most answers to a follower are smaller. */
const SMALL_BYTES = 1 << 16;
const CHUNK_BYTES = 1 << 18;

/**
 * Reads a stream to its end into one array. Memory holds at most `maxBytes` of it, once.
 *
 * @throws {FetchError} When it holds more than `maxBytes`; the rest is not read.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let buffer = new ArrayBuffer(0);
  let sizeBytes = 0;
  for await (const chunk of body === null ? [] : largeChunks(body, maxBytes + 1)) {
    const end = sizeBytes + chunk.length;
    // Leaving the loop cancels the stream, and with it the transfer.
    if (end > maxBytes) throw new FetchError(`a body over ${maxBytes} bytes`);
    if (end > buffer.byteLength) buffer = grow(buffer, { leastBytes: end, maxBytes });
    new Uint8Array(buffer, sizeBytes, chunk.length).set(chunk);
    sizeBytes = end;
  }
  // Fixed from here on: not every function takes a view of a buffer that may change its size.
  return new Uint8Array(buffer.transferToFixedLength(sizeBytes));
}

/**
 * A large one grows in place: pages are taken from the system when they are first written. To reserve them costs more
 * than to copy a small one.
 */
function grow(
  buffer: ArrayBuffer,
  { leastBytes, maxBytes }: { readonly leastBytes: number; readonly maxBytes: number },
): ArrayBuffer {
  const sizeBytes = Math.min(maxBytes, Math.max(leastBytes, 2 * buffer.byteLength));
  if (sizeBytes <= SMALL_BYTES) return buffer.transfer(sizeBytes);
  const large = buffer.resizable ? buffer : new ArrayBuffer(0, { maxByteLength: maxBytes });
  large.resize(sizeBytes);
  if (large !== buffer) new Uint8Array(large).set(new Uint8Array(buffer));
  return large;
}

/**
 * The first `mostBytes` of a stream, in chunks that share their memory: each is there until the next is asked for. A
 * gzip stream by itself gives 4 kB at a time, each in a new buffer of 64 kB.
 */
async function* largeChunks(
  stream: ReadableStream<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = byteReader(stream);
  // Not from the network: a Response that somebody has made of a text has another kind of stream.
  if (reader === null) return yield* stream;
  try {
    let buffer = new ArrayBuffer(SMALL_BYTES);
    for (let left = mostBytes; left > 0;) {
      const view = new Uint8Array(buffer, 0, Math.min(left, buffer.byteLength));
      const { value, done } = await reader.read(view, { min: view.length });
      if (value !== undefined && value.length > 0) yield value;
      if (value === undefined || done) return;
      left -= value.length;
      buffer = value.buffer.byteLength < CHUNK_BYTES ? new ArrayBuffer(CHUNK_BYTES) : value.buffer;
    }
  } finally {
    await reader.cancel();
  }
}

function byteReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: "byob" });
  } catch {
    return null;
  }
}
