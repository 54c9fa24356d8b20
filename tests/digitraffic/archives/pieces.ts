/** Bytes, in pieces and whole. */

/** Cuts bytes at random places, some pieces empty, as a network may. */
export async function* inPieces(
  bytes: Uint8Array,
  { random, most }: { readonly random: () => number; readonly most: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length;) {
    const size = Math.floor(random() * (most + 1));
    yield bytes.slice(at, at + size);
    at += size;
    if (random() < 0.1) await Promise.resolve();
  }
}

/** All of them in one array. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** True when both hold the same bytes: an assertion would print them, and slowly. */
export function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && one.length === other?.length && one.every((byte, at) => byte === other[at]);
}
