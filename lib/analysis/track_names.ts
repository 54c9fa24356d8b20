/** Tracks of the rows of trains as texts, and these as numbers: "TPE ARRIVAL: 3", at a second visit "TPE ARRIVAL (2): 3". Pure. */
import { trackText } from "../tables/rows/row_name.ts";

const NONE: ReadonlySet<string> = new Set();

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

  /** How many there are. */
  get size(): number {
    return this.#texts.length;
  }

  /** The number of a track of a row. */
  codeOf(row: string, track: string): number {
    return this.code(trackText(row, track));
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

  /** The text of a number. */
  text(code: number): string {
    return this.#texts[code] ?? "";
  }

  /** The rows that have more than one of these tracks. */
  changedRows(codes: Int32Array): ReadonlySet<string> {
    const look = ++this.#look;
    let changed = NONE;
    for (const code of codes) {
      const row = this.#rows[code] ?? 0;
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
