/** Tracks of the rows of trains as texts, and these as numbers: "TPE ARRIVAL: 3", at a second visit "TPE ARRIVAL (2): 3". Pure. */
import { rowName, trackText } from "../tables/rows/row_name.ts";

const NONE: ReadonlySet<string> = new Set();
/** Numbers of stations and of tracks; a pair is one number. */
const MOST_WORDS = 2 ** 20;

/** Texts by number, which are given out as they come. */
export class TrackNames {
  readonly #codes = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #rows: number[] = [];
  readonly #rowCodes = new Map<string, number>();
  readonly #rowNames: string[] = [];
  /** Per row the look at it that was the last one, which is quicker than a set for each train. */
  readonly #looks: number[] = [];
  #look = 0;
  readonly #words: string[] = [];
  readonly #wordNumbers = new Map<string, number>();
  /** By visit and side the codes of pairs of a station and a track: texts are put together once. */
  readonly #pairs: (Map<number, number> | undefined)[] = [];
  #ranks = new Int32Array(0);
  #sorted: readonly string[] = [];

  /** How many texts, and names of stations and tracks, there are. */
  get size(): number {
    return this.#texts.length + this.#words.length;
  }

  /** Numbers for the names of stations and tracks, -1 for "". */
  wordsOf(words: readonly string[]): Int32Array {
    return Int32Array.from(words, (word) => {
      if (word === "") return -1;
      let number = this.#wordNumbers.get(word);
      if (number === undefined) this.#wordNumbers.set(word, number = this.#words.push(word) - 1);
      return number;
    });
  }

  /**
   * The number of a track of a row: numbers of words, and for the side and the visit `2 * visit`, and 1 for a departure.
   */
  codeOf(station: number, track: number, visitSide: number): number {
    const pairs = this.#pairs[visitSide] ??= new Map<number, number>();
    const pair = station * MOST_WORDS + track;
    let code = pairs.get(pair);
    if (code === undefined) {
      const name = rowName(this.#words[station] ?? "", visitSide % 2 === 1, visitSide >> 1);
      pairs.set(pair, code = this.code(trackText(name, this.#words[track] ?? "")));
    }
    return code;
  }

  /** The number of a text. */
  code(text: string): number {
    let code = this.#codes.get(text);
    if (code === undefined) {
      this.#codes.set(text, code = this.#texts.push(text) - 1);
      this.#rows.push(this.#rowCode(rowOf(text)));
    }
    return code;
  }

  /** All texts in their order, and per number the place of its text there. */
  sorted(): { readonly texts: readonly string[]; readonly ranks: Int32Array } {
    if (this.#ranks.length !== this.#texts.length) {
      this.#sorted = this.#texts.toSorted();
      this.#ranks = new Int32Array(this.#texts.length);
      this.#sorted.forEach((text, rank) => this.#ranks[this.#codes.get(text) ?? 0] = rank);
    }
    return { texts: this.#sorted, ranks: this.#ranks };
  }

  /** The rows that have more than one of the tracks `from <= at < to`. */
  changedRows(codes: Int32Array, from: number, to: number): ReadonlySet<string> {
    const look = ++this.#look;
    let changed = NONE;
    for (let at = from; at < to; at++) {
      const row = this.#rows[codes[at] ?? 0] ?? 0;
      if (this.#looks[row] === look) changed = new Set([...changed, this.#rowNames[row] ?? ""]);
      this.#looks[row] = look;
    }
    return changed;
  }

  #rowCode(name: string): number {
    let code = this.#rowCodes.get(name);
    if (code === undefined) this.#rowCodes.set(name, code = this.#rowNames.push(name) - 1);
    this.#looks[code] ??= 0;
    return code;
  }
}

/** Always from the text: whoever names a station like a row is misunderstood, but always in the same way. */
function rowOf(text: string): string {
  return /^.*? (?:ARRIVAL|DEPARTURE)(?: \(\d+\))?(?=: )/s.exec(text)?.[0] ?? "";
}
