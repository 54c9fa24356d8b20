/**
 * Splits a JSON array into its elements without parsing them, so that each keeps its bytes.
 *
 * @module
 */
import { IdentityScanner, UNUSUAL } from "../train/identity_scanner.ts";
import type { ReceivedTrain } from "../train/train_identity.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Where in the text the splitter is. */
type Place = "start" | "first" | "element" | "scalar" | "next" | "between" | "done";

/** One element of a JSON array: its bytes exactly as they were received. */
interface JsonElement extends ReceivedTrain {
  /** Byte position of its first byte in the text. */
  readonly position: number;
}

/** Splits a JSON array, which arrives in chunks, into its elements. */
interface JsonArraySplitter {
  /** The elements that this chunk completes; those inside the chunk share its memory. */
  push(chunk: Uint8Array): JsonElement[];
  /** @throws {SyntaxError} When the array is not complete. */
  end(): void;
}

/** Options of {@linkcode createJsonArraySplitter}. */
interface JsonArraySplitterOptions {
  /** An element over this size is an error, so that memory stays bounded. Default 16 MiB. */
  readonly maxElementBytes?: number;
}

/**
 * Makes a splitter for one JSON array.
 *
 * It knows strings, escapes and nesting, and leaves the check of each element to `JSON.parse`: neither number
 * spellings nor unknown fields are touched. `push` throws a `SyntaxError` that names the byte.
 */
export function createJsonArraySplitter(options: JsonArraySplitterOptions = {}): JsonArraySplitter {
  const { maxElementBytes = 16 * 1024 * 1024 } = options;
  const state = new SplitterState(maxElementBytes);
  return {
    push: (chunk) => state.push(chunk),
    end: () => state.end(),
  };
}

class SplitterState {
  #place: Place = "start";
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Bytes before the current chunk. */
  #base = 0;
  #elementPosition = 0;
  /** Parts of an element that began in an earlier chunk. */
  #carried: Uint8Array[] = [];
  #carriedBytes = 0;
  readonly #scanner = new IdentityScanner();
  /** True when the scanner has seen all of the element. */
  #isScanned = false;

  constructor(readonly maxElementBytes: number) {}

  push(chunk: Uint8Array): JsonElement[] {
    const elements: JsonElement[] = [];
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (!this.#isInside()) {
        if (this.#stepOutside(byteAt(chunk, at), this.#base + at)) from = at;
        else at++;
        continue;
      }
      at = this.#place === "element" ? this.#scanContainer(chunk, at) : this.#scanScalar(chunk, at);
      if (!this.#isInside()) elements.push(this.#take(chunk.subarray(from, at)));
    }
    if (this.#isInside()) this.#carry(chunk.slice(from));
    this.#base += chunk.length;
    return elements;
  }

  end(): void {
    if (this.#place === "done") return;
    throw new SyntaxError(`byte ${this.#base}: found the end of the text, expected ${this.#expected()}`);
  }

  #isInside(): boolean {
    return this.#place === "element" || this.#place === "scalar";
  }

  /** Consumes one byte between elements; true when an element begins with it (the byte is not consumed). */
  #stepOutside(byte: number, position: number): boolean {
    if (isSpace(byte)) return false;
    if (this.#place === "start") {
      if (byte === BYTE_ORDER_MARK[position]) return false;
      if (byte !== OPEN_BRACKET) this.#refuse(byte, position);
      this.#place = "first";
      return false;
    }
    if (byte === CLOSE_BRACKET && (this.#place === "first" || this.#place === "between")) {
      this.#place = "done";
      return false;
    }
    if (this.#place === "between" && byte === COMMA) {
      this.#place = "next";
      return false;
    }
    if (this.#place === "done" || this.#place === "between") this.#refuse(byte, position);
    if (byte === COMMA || byte === CLOSE_BRACKET || byte === CLOSE_BRACE) this.#refuse(byte, position);
    this.#place = byte === OPEN_BRACE || byte === OPEN_BRACKET || byte === QUOTE ? "element" : "scalar";
    this.#elementPosition = position;
    return true;
  }

  /** Reads on in an object, array or string; ends after its last byte or with the chunk. */
  #scanContainer(chunk: Uint8Array, from: number): number {
    if (this.#depth === 0 && !this.#inString) {
      const end = this.#scanner.scan(chunk, from);
      this.#isScanned = end !== UNUSUAL;
      if (this.#isScanned) {
        this.#place = "between";
        return end;
      }
    }
    let depth = this.#depth;
    let inString = this.#inString;
    let at = from;
    if (this.#escaped) {
      at++;
      this.#escaped = false;
    }
    const length = chunk.length;
    for (; at < length; at++) {
      const byte = chunk[at];
      if (inString) {
        if (byte === BACKSLASH) at++;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 0) break;
        }
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) break;
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#escaped = at > length;
    if (at >= length) return length;
    this.#place = "between";
    return at + 1;
  }

  /** Reads on in a number, true, false or null (or what stands in its place). */
  #scanScalar(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = byteAt(chunk, at);
      if (byte !== COMMA && byte !== CLOSE_BRACKET && !isSpace(byte)) continue;
      this.#place = "between";
      return at;
    }
    return chunk.length;
  }

  #take(rest: Uint8Array): JsonElement {
    const position = this.#elementPosition;
    const identity = this.#isScanned ? this.#scanner.identity() : undefined;
    this.#isScanned = false;
    if (this.#carried.length === 0) return { bytes: this.#bounded(rest), identity, position };
    this.#carry(rest);
    const bytes = new Uint8Array(this.#carriedBytes);
    let at = 0;
    for (const part of this.#carried) {
      bytes.set(part, at);
      at += part.length;
    }
    this.#carried = [];
    this.#carriedBytes = 0;
    return { bytes, identity, position };
  }

  #carry(part: Uint8Array): void {
    this.#carried.push(part);
    this.#carriedBytes += part.length;
    if (this.#carriedBytes > this.maxElementBytes) this.#refuseSize();
  }

  #bounded(bytes: Uint8Array): Uint8Array {
    return bytes.length > this.maxElementBytes ? this.#refuseSize() : bytes;
  }

  #refuseSize(): never {
    throw new SyntaxError(
      `byte ${this.#elementPosition}: found an element over ${this.maxElementBytes} bytes, expected a train`,
    );
  }

  #refuse(byte: number, position: number): never {
    const found = byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte value ${byte}`;
    throw new SyntaxError(`byte ${position}: found ${found}, expected ${this.#expected()}`);
  }

  #expected(): string {
    if (this.#place === "start") return 'an array that begins with "["';
    if (this.#place === "between") return '"," or "]"';
    if (this.#place === "done") return "nothing after the array";
    return this.#place === "next" ? "another element" : "the rest of the array";
  }
}

function byteAt(chunk: Uint8Array, at: number): number {
  return chunk[at] ?? -1;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
