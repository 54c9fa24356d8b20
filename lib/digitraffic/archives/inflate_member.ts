/**
 * Unpacks a deflated member of which nobody has said where it ends. `DecompressionStream` does not tell how many bytes
 * it took, and refuses those of the next member; node:zlib does both right, and is a part of Deno as well.
 */
import { createInflateRaw } from "node:zlib";
import { ArchiveError } from "./archive_error.ts";
import type { ByteCursor } from "./byte_cursor.ts";

const OUT_BYTES = 64 * 1024;
/** Little goes in at a time, so that what it becomes is compared with it often. */
const IN_BYTES = 16 * 1024;

/** What is to be unpacked. */
interface InflateOptions {
  /** Bytes that it may take. */
  readonly mostPackedBytes: number;
  /** Told of the bytes that have gone in, and in the end of those that were taken. */
  readonly onTaken: (packedBytes: number) => void;
}

/**
 * The content, in pieces of at most 64 kB; little more is unpacked than is asked for. What follows the packed data stays
 * in the cursor.
 */
export async function* inflateMember(
  cursor: ByteCursor,
  { mostPackedBytes, onTaken }: InflateOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const inflater = createInflateRaw({ chunkSize: OUT_BYTES });
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    for (const event of ["end", "close", "error"]) inflater.once(event, () => resolve(void (isOver = true)));
  });
  let last: Uint8Array = new Uint8Array();
  let givenBytes = 0;
  const feed = async () => {
    while (!isOver) {
      const room = Math.min(IN_BYTES, mostPackedBytes - givenBytes);
      const piece = room === 0 ? null : await cursor.next(room);
      if (piece === null) {
        inflater.end();
        return await over;
      }
      last = piece;
      givenBytes += piece.length;
      onTaken(givenBytes);
      await Promise.race([new Promise((resolve) => inflater.write(piece, resolve)), over]);
      // The packed data ends in this piece; its reader may not have all of it yet.
      if (inflater.bytesWritten < givenBytes) return await over;
    }
  };
  const feeding = feed().catch((error) => void inflater.destroy(error));
  try {
    for await (const piece of inflater) yield piece;
  } catch (error) {
    throw asArchiveError(error, cursor.position);
  } finally {
    inflater.destroy();
    await feeding;
    // Despite its name the bytes that it took: it may have been given some of what follows.
    const takenBytes = inflater.bytesWritten;
    cursor.unread(last.subarray(last.length - (givenBytes - takenBytes)));
    onTaken(takenBytes);
  }
}

function asArchiveError(error: unknown, position: number): unknown {
  const isPacking = error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
  return isPacking
    ? new ArchiveError(`byte ${position}: found ${error.message}, expected deflated data`, { cause: error })
    : error;
}
