/** Reads the body of a response with a bound, since the server is not trusted to keep one. */
import { FetchError } from "./fetch_error.ts";

const FIRST_BYTES = 1 << 20;

/**
 * Reads a stream to its end into one array. Memory holds at most `maxBytes` of it, once: chunks come as views of
 * larger buffers (a gzip stream gives 8 kB in 64 kB), so none of them is kept.
 *
 * @throws {FetchError} When it holds more than `maxBytes`; the rest is not read.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Grows in place: pages are taken from the system when they are first written.
  const buffer = new ArrayBuffer(0, { maxByteLength: maxBytes });
  let sizeBytes = 0;
  for await (const chunk of body ?? []) {
    const end = sizeBytes + chunk.length;
    // Leaving the loop cancels the stream, and with it the transfer.
    if (end > maxBytes) throw new FetchError(`a body over ${maxBytes} bytes`);
    if (end > buffer.byteLength) buffer.resize(Math.min(maxBytes, Math.max(end, 2 * sizeBytes, FIRST_BYTES)));
    new Uint8Array(buffer, sizeBytes, chunk.length).set(chunk);
    sizeBytes = end;
  }
  buffer.resize(sizeBytes);
  // Fixed from here on: not every function takes a view of a buffer that may change its size.
  return new Uint8Array(buffer.transferToFixedLength());
}
