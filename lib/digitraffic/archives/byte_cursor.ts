/** Bytes that arrive in chunks, taken in the pieces that a format has. */
import { ArchiveError } from "./archive_error.ts";

const NOTHING = new Uint8Array();

/** A place in a stream of bytes that only goes on; holds one chunk of it. */
export class ByteCursor implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = NOTHING;
  #position = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Bytes that were taken. */
  get position(): number {
    return this.#position;
  }

  /** One byte or more, at most so many; null at the end. They share the memory of the chunk they came in. */
  async next(most = Infinity): Promise<Uint8Array | null> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done === true) return null;
      this.#rest = value;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    this.#position += piece.length;
    return piece;
  }

  /** Exactly so many bytes, which is meant for a few; null when the stream ends right here. */
  async exactly(size: number): Promise<Uint8Array | null> {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size;) {
      const piece = await this.next(size - at);
      if (piece === null && at === 0) return null;
      if (piece === null) {
        throw new ArchiveError(
          `byte ${this.#position}: found the end of the file, expected ${size - at} more bytes`,
        );
      }
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /** Passes bytes over. */
  async skip(size: number): Promise<void> {
    for (let left = size; left > 0;) {
      const piece = await this.next(left);
      if (piece === null) {
        throw new ArchiveError(
          `byte ${this.#position}: found the end of the file, expected ${left} more bytes`,
        );
      }
      left -= piece.length;
    }
  }

  /** Puts back what was taken last. */
  unread(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#position -= bytes.length;
    if (this.#rest.length === 0) this.#rest = bytes;
    else {
      const joined = new Uint8Array(bytes.length + this.#rest.length);
      joined.set(bytes);
      joined.set(this.#rest, bytes.length);
      this.#rest = joined;
    }
  }

  /** Ends the stream. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }
}
