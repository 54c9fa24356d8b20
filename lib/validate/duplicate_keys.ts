/**
 * Duplicate keys in JSON. `JSON.parse` silently keeps the last one, other readers the first: a message whose meaning
 * depends on the reader is not accepted.
 */

const QUOTE = 34, COLON = 58, BACKSLASH = 92, COMMA = 44;
const OPEN_OBJECT = 123, CLOSE_OBJECT = 125, OPEN_ARRAY = 91, CLOSE_ARRAY = 93;

/** One open object (with the keys seen) or array (null). */
type Scope = Set<string> | null;

/**
 * Counts the keys of all objects as written, duplicates included, in one pass over the bytes.
 * A colon counts when a quote stands before it; the count is -1 when white space stands there, because then
 * only {@linkcode findDuplicateKey} can tell. An escaped quote before a colon inside a string counts too,
 * so a count above the number of parsed keys is a suspicion, an equal count is a proof that there is no duplicate.
 */
export function countWrittenKeys(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 1; i < bytes.length; i++) {
    if (bytes[i] !== COLON) continue;
    const before = bytes[i - 1] ?? 0;
    if (before === QUOTE) count++;
    else if (before <= 32) return -1;
  }
  return count;
}

/** The first key that an object of this *valid* JSON text repeats, or null. Exact, but slow. */
export function findDuplicateKey(text: string): string | null {
  const scopes: Scope[] = [];
  let expectKey = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = stringEnd(text, i);
      const keys = scopes.at(-1);
      if (expectKey && keys) {
        const key: unknown = JSON.parse(text.slice(i, end + 1));
        if (typeof key === "string" && keys.has(key)) return key;
        keys.add(String(key));
        expectKey = false;
      }
      i = end;
    } else if (code === OPEN_OBJECT) scopes.push(new Set()), expectKey = true;
    else if (code === OPEN_ARRAY) scopes.push(null);
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) scopes.pop(), expectKey = false;
    else if (code === COMMA) expectKey = scopes.at(-1) instanceof Set;
  }
  return null;
}

/** Position of the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  let i = start + 1;
  while (text.charCodeAt(i) !== QUOTE) i += text.charCodeAt(i) === BACKSLASH ? 2 : 1;
  return i;
}
