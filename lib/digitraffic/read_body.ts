/** Reads the body of a response with a bound, since the server is not trusted to keep one. */
import { FetchError } from "./fetch_error.ts";

/**
 * Reads a stream to its end into one array.
 *
 * @throws {FetchError} When it holds more than `maxBytes`; the rest is not read.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body ?? []) {
    sizeBytes += chunk.length;
    // Leaving the loop cancels the stream, and with it the transfer.
    if (sizeBytes > maxBytes) throw new FetchError(`a body over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return join(chunks, sizeBytes);
}

function join(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
