/** Texts of messages by their bytes: most come again and again, and are decoded once. Bounded. */

/** Longer texts are not taken. */
const MAX_BYTES = 64;
/** At so many texts the cache begins anew. */
const MAX_TEXTS = 4096;
const SLOTS = 2 * MAX_TEXTS;
/** Slots that are looked at: a feed could be made of texts that all belong into one. */
const MAX_PROBES = 16;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** An open hash table over bytes. */
export class TextCache {
  readonly #slots = new Int16Array(SLOTS);
  readonly #bytes = new Uint8Array(MAX_TEXTS * MAX_BYTES);
  readonly #lengths = new Uint8Array(MAX_TEXTS);
  #texts: string[] = [];

  /** The text of the bytes, or null when they are no UTF-8 or too many. `hash` is any number that follows from them. */
  get(bytes: Uint8Array, from: number, to: number, hash: number): string | null {
    const first = hash ^ (hash >>> 13);
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const slot = (first + probe) & (SLOTS - 1);
      // 0 is a free slot, n the text n - 1.
      const text = (this.#slots[slot] ?? 0) - 1;
      if (text < 0) return this.#add(bytes.subarray(from, to), slot);
      if (this.#isSame(text, bytes, from, to)) return this.#texts[text] ?? null;
    }
    return decodeText(bytes.subarray(from, to));
  }

  #isSame(text: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#lengths[text] !== to - from) return false;
    const offset = text * MAX_BYTES - from;
    for (let i = from; i < to; i++) if (this.#bytes[offset + i] !== bytes[i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, slot: number): string | null {
    const text = decodeText(bytes);
    if (text === null) return null;
    if (this.#texts.length === MAX_TEXTS) {
      this.#texts = [];
      this.#slots.fill(0);
    }
    const place = this.#texts.push(text) - 1;
    this.#bytes.set(bytes, place * MAX_BYTES);
    this.#lengths[place] = bytes.length;
    this.#slots[slot] = place + 1;
    return text;
  }
}

function decodeText(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_BYTES) return null;
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
