/** Text out of bytes that anybody may have written: the very same bytes come back when it is encoded, or there is no text. */

// A byte order mark is a character like any other here: dropping it would make two different keys the same.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of the bytes; null when they are no UTF-8.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { losslessText } from "./lossless_text.ts";
 *
 * assertEquals(losslessText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), "\ufeffa");
 * assertEquals(losslessText(new Uint8Array([0, 0, 0, 0xff])), null);
 * ```
 */
export function losslessText(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** A key as it stands in a log record: its text, or else its bytes. */
export interface RecordKey {
  readonly key: string | null;
  readonly keyBytes?: Uint8Array;
}

/** The key of a record; one that is no UTF-8 has no text and keeps its bytes. */
export function recordKey(bytes: Uint8Array | null): RecordKey {
  if (bytes === null) return { key: null };
  const key = losslessText(bytes);
  // A view would keep the whole batch in memory.
  return key === null ? { key, keyBytes: bytes.slice() } : { key };
}
