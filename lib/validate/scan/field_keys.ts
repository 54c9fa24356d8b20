/** The keys of an object as the API writes them, found in bytes by comparing four at a time. */
const encoder = new TextEncoder();

/** The keys of one kind of object. Those that follow each other as the API writes them are found at once. */
export class FieldKeys {
  readonly #lengths: Int32Array;
  readonly #first: Int32Array;
  /** The key from its fifth byte on in words; the last word ends with the key and may overlap the one before. */
  readonly #rest: readonly Int32Array[];

  constructor(names: readonly string[]) {
    const keys = names.map((name) => encoder.encode(`${JSON.stringify(name)}:`));
    this.#lengths = Int32Array.from(keys, (key) => key.length);
    this.#first = Int32Array.from(keys, (key) => wordAt(key, 0));
    this.#rest = keys.map((key) => {
      const words = Math.ceil(key.length / 4) - 1;
      return Int32Array.from({ length: words }, (_, i) => wordAt(key, Math.min(4 * i + 4, key.length - 4)));
    });
  }

  /** The place of the key that stands at a position, tried from `next` on, or -1. `"x":` is the shortest key. */
  find(view: DataView, at: number, next: number): number {
    const count = this.#first.length;
    if (at + 4 > view.byteLength) return -1;
    const first = view.getInt32(at, true);
    for (let i = 0, place = next; i < count; i++, place++) {
      if (place >= count) place -= count;
      if (this.#first[place] === first && this.#isAt(view, at, place)) return place;
    }
    return -1;
  }

  /** Bytes of a key with its quotes and colon. */
  lengthOf(place: number): number {
    return this.#lengths[place] ?? 0;
  }

  #isAt(view: DataView, at: number, place: number): boolean {
    const rest = this.#rest[place], end = at + this.lengthOf(place);
    if (rest === undefined || end > view.byteLength) return false;
    const last = rest.length - 1;
    for (let i = 0; i < last; i++) if (view.getInt32(at + 4 + 4 * i, true) !== rest[i]) return false;
    return last < 0 || view.getInt32(end - 4, true) === rest[last];
  }
}

function wordAt(key: Uint8Array, position: number): number {
  return new DataView(key.buffer, key.byteOffset, key.byteLength).getInt32(position, true);
}
