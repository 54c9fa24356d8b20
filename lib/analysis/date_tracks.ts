/**
 * Sets of numbers by train, in one buffer: as arrays of their own the trains of a long backlog would keep the garbage
 * collector busy for longer than all that is worked out of them takes. Pure.
 */

/** The tracks that were named for the trains of a date, each once, as codes of `TrackNames`. */
export class DateTracks {
  /** By train number the place of its list. */
  readonly #lists = new Map<number, number>();
  #froms = new Int32Array(64);
  #tos = new Int32Array(64);
  #codes = new Int32Array(1024);
  #end = 0;

  /** Train numbers. */
  get trains(): Iterable<number> {
    return this.#lists.keys();
  }

  /** What is known of all trains; to be used before anything is added. */
  get codes(): Int32Array {
    return this.#codes;
  }

  /** Where that of a train begins. */
  from(train: number): number {
    return this.#froms[this.#lists.get(train) ?? -1] ?? 0;
  }

  /** One beyond its last. */
  to(train: number): number {
    return this.#tos[this.#lists.get(train) ?? -1] ?? 0;
  }

  /** Takes the first so many of these for a train. */
  add(train: number, codes: Int32Array, count = codes.length): void {
    const list = this.#lists.get(train);
    if (list !== undefined && this.#hasAll(list, codes, count)) return;
    const place = list ?? this.#open(train);
    const from = this.#froms[place] ?? 0, to = this.#tos[place] ?? 0;
    this.#reserve(to - from + count);
    // What stood elsewhere before is left behind: few trains are said to stand on another track.
    this.#codes.copyWithin(this.#end, from, to);
    this.#froms[place] = this.#end;
    this.#end += to - from;
    this.#tos[place] = this.#end;
    for (let at = 0; at < count; at++) {
      const code = codes[at] ?? 0;
      if (list !== undefined && this.#has(place, code, at)) continue;
      this.#codes[this.#end++] = code;
      this.#tos[place] = this.#end;
    }
  }

  /** Takes all that another has. */
  addAll(others: DateTracks): void {
    for (const train of others.trains) {
      this.add(train, others.codes.subarray(others.from(train), others.to(train)));
    }
  }

  /** Whether it has something of one of its trains that the other, which has the train too, has not. */
  hasMoreThan(others: DateTracks): boolean {
    for (const [train, list] of this.#lists) {
      const mine = this.#codes.subarray(this.#froms[list], this.#tos[list]);
      const known = others.#lists.get(train);
      if (known !== undefined && !others.#hasAll(known, mine, mine.length)) return true;
    }
    return false;
  }

  #open(train: number): number {
    const place = this.#lists.size;
    if (place === this.#froms.length) {
      this.#froms = widened(this.#froms, 2 * place);
      this.#tos = widened(this.#tos, 2 * place);
    }
    this.#lists.set(train, place);
    return place;
  }

  #reserve(count: number): void {
    const needed = this.#end + count;
    if (needed > this.#codes.length) this.#codes = widened(this.#codes, 2 * needed);
  }

  #hasAll(list: number, codes: Int32Array, count: number): boolean {
    for (let at = 0; at < count; at++) if (!this.#has(list, codes[at] ?? 0, at)) return false;
    return true;
  }

  /** Mostly it stands where it stood in the message before. */
  #has(list: number, code: number, guess: number): boolean {
    const from = this.#froms[list] ?? 0, to = this.#tos[list] ?? 0;
    if (from + guess < to && this.#codes[from + guess] === code) return true;
    for (let at = from; at < to; at++) if (this.#codes[at] === code) return true;
    return false;
  }
}

function widened(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length);
  wider.set(numbers);
  return wider;
}
