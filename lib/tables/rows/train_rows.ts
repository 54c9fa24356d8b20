/** The rows of whole trains, each in the order of its route, as rules and analyses look at them. */
import type { Column, Columns } from "../../delta/mod.ts";
import { ColumnNumbers, rowsOf } from "./column_numbers.ts";

/** Texts by number: -1 where there is none. */
export interface Texts {
  readonly codes: Int32Array;
  readonly words: readonly string[];
}

/** Structs in lists: those of row i stand from `ends[i]` up to `ends[i + 1]`. */
export interface Structs {
  readonly ends: Int32Array;
  /** A field of all of them, NaN where there is none. */
  readonly number: (field: string) => Float64Array;
}

/** What a flag column says of a row. */
export const NO = 0, YES = 1, UNKNOWN = 2;

/** Rules count the rows of a file, its tags name its trains, analyses follow their routes: all of the same columns. */
const shared = new WeakMap<Columns, TrainRows>();

/** Columns of one departure date. Each is read once, however many rules look at it. */
export class TrainRows {
  readonly rows: number;
  #starts: Int32Array | null = null;
  readonly #columns: Columns;
  readonly #numbers: ColumnNumbers;
  readonly #flags = new Map<string, Uint8Array>();
  readonly #texts = new Map<string, Texts>();

  constructor(columns: Columns) {
    this.#columns = columns;
    this.#numbers = new ColumnNumbers(columns);
    this.rows = rowsOf(columns);
  }

  /** Where each train begins, and the end. */
  get starts(): Int32Array {
    return this.#starts ??= startsOf(this.number("trainNumber"));
  }

  /** The rows of these columns, the same for all who ask while the columns are in use. */
  static of(columns: Columns): TrainRows {
    let rows = shared.get(columns);
    if (rows === undefined) shared.set(columns, rows = new TrainRows(columns));
    return rows;
  }

  /** How many trains there are. */
  get trains(): number {
    return this.starts.length - 1;
  }

  /** Integers, days since 1970 or microseconds since 1970 UTC; NaN where there is none. */
  number(name: string): Float64Array {
    return this.#numbers.of(name);
  }

  /** The numbers of a few rows, without those of all others. */
  numberAt(name: string, rows: Int32Array): Float64Array {
    return this.#numbers.at(name, rows);
  }

  /** Per row the number of the row before, NaN for the first. */
  numberBefore(name: string): Float64Array {
    return this.#numbers.before(name);
  }

  /** {@linkcode NO}, {@linkcode YES} or {@linkcode UNKNOWN} per row; of a field inside a struct by its path. */
  flag(name: string): Uint8Array {
    return remember(this.#flags, name, () => flagsOf(columnAt(this.#columns, name), this.rows));
  }

  /** Texts per row. */
  text(name: string): Texts {
    return remember(this.#texts, name, () => textsOf(this.#columns[name], this.rows));
  }

  /** 1 per row whose text is one of those asked for; "" stands for none too. */
  isText(name: string, isMeant: (word: string) => boolean): Uint8Array {
    const { codes, words } = this.text(name);
    const meant = Uint8Array.from(words, (word) => isMeant(word) ? 1 : 0);
    const ofNone = isMeant("") ? 1 : 0;
    const found = new Uint8Array(this.rows);
    for (let row = 0; row < found.length; row++) {
      const code = codes[row] ?? -1;
      found[row] = code < 0 ? ofNone : meant[code] ?? 0;
    }
    return found;
  }

  /** How many elements the list of a row has. */
  listLength(name: string): (row: number) => number {
    const column = this.#columns[name];
    if (column?.kind !== "list") return () => 0;
    return (row) => (column.ends[row + 1] ?? 0) - (column.ends[row] ?? 0);
  }

  /** Texts of one field of the structs in a list, one after another; those of row i stand from `ends[i]` to `ends[i + 1]`. */
  listText(name: string, field: string): Texts & { readonly ends: Int32Array } {
    const column = this.#columns[name];
    const elements = column?.kind === "list" ? column.elements : undefined;
    if (column?.kind !== "list" || elements?.kind !== "struct" || elements.length === 0) {
      return { ends: new Int32Array(this.rows + 1), words: [], codes: new Int32Array(0) };
    }
    return {
      ends: column.ends,
      ...textsOf(columnAt({ [name]: elements }, `${name}.${field}`), elements.length),
    };
  }

  /** The structs in the lists of a column, one after another; null where there are none. */
  structs(name: string): Structs | null {
    const column = this.#columns[name];
    if (column?.kind !== "list" || column.elements.kind !== "struct") return null;
    const { ends, elements } = column;
    const fields = Object.keys(elements.fields).map((field) =>
      [field, columnAt({ elements }, `elements.${field}`)] as const
    );
    const numbers = new ColumnNumbers(Object.fromEntries(fields.filter(isKnown)));
    return { ends, number: (field) => numbers.of(field) };
  }

  /** 1 per row of which the test is true. */
  where(test: (row: number) => boolean): Uint8Array {
    const found = new Uint8Array(this.rows);
    for (let row = 0; row < found.length; row++) if (test(row)) found[row] = 1;
    return found;
  }

  /** 1 in the first row of each train of which the test is true; `to` is one beyond its last row. */
  whereTrain(test: (from: number, to: number) => boolean): Uint8Array {
    const found = new Uint8Array(this.rows);
    this.eachTrain((from, to) => {
      if (test(from, to)) found[from] = 1;
    });
    return found;
  }

  /** Calls `visit` for each train in turn. */
  eachTrain(visit: (from: number, to: number) => void): void {
    for (let train = 0; train < this.trains; train++) {
      visit(this.starts[train] ?? 0, this.starts[train + 1] ?? 0);
    }
  }

  /** Flags that several rules need, made once for all of them. */
  once(name: string, make: () => Uint8Array): Uint8Array {
    return remember(this.#flags, `\0${name}`, make);
  }

  /** 1 per departure that follows an arrival of the same train. */
  stops(): Uint8Array {
    return this.once("stops", () => {
      const isArrival = this.isText("type", (type) => type === "ARRIVAL");
      const isDeparture = this.isText("type", (type) => type === "DEPARTURE");
      const found = this.where((row) => row > 0 && isDeparture[row] === 1 && isArrival[row - 1] === 1);
      this.eachTrain((from) => found[from] = 0);
      return found;
    });
  }
}

/** A row without a number is a train of its own. */
function startsOf(numbers: Float64Array): Int32Array {
  const starts: number[] = [];
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row];
    if (row === 0 || number !== numbers[row - 1]) starts.push(row);
  }
  starts.push(numbers.length);
  return Int32Array.from(starts);
}

function isKnown(entry: readonly [string, Column | undefined]): entry is readonly [string, Column] {
  return entry[1] !== undefined;
}

function remember<Value>(known: Map<string, Value>, name: string, make: () => Value): Value {
  let value = known.get(name);
  if (value === undefined) known.set(name, value = make());
  return value;
}

function columnAt(columns: Columns, path: string): Column | undefined {
  const [name = "", field] = path.split(".");
  const column = columns[name];
  if (field === undefined) return column;
  if (column?.kind !== "struct") return undefined;
  const inner = column.fields[field];
  const { present } = column;
  // A field of a struct that is not there has whatever value.
  return inner === undefined || present === null
    ? inner
    : { ...inner, present: bothPresent(present, inner.present) };
}

/** A column that is not there is unknown in every row: others may have left it out. */
function flagsOf(column: Column | undefined, rows: number): Uint8Array {
  if (column?.kind !== "boolean") return new Uint8Array(rows).fill(UNKNOWN);
  const { values, present } = column;
  if (present === null) return values;
  // A loop: `from` with a function goes through an iterator, which takes ten times as long.
  const flags = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) flags[row] = present[row] === 1 ? values[row] ?? UNKNOWN : UNKNOWN;
  return flags;
}

function textsOf(column: Column | undefined, rows: number): Texts {
  if (column?.kind === "words") {
    const { codes, words, present } = column;
    return { words, codes: present === null ? codes : codesWhere(codes, present) };
  }
  if (column?.kind !== "bytes") return { words: [], codes: new Int32Array(rows).fill(-1) };
  const { ends, bytes, present } = column;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const known = new Map<string, number>();
  const codes = Int32Array.from({ length: rows }, (_, row) => {
    if (present !== null && present[row] === 0) return -1;
    const text = decoder.decode(bytes.subarray(ends[row], ends[row + 1]));
    const code = known.get(text) ?? known.size;
    known.set(text, code);
    return code;
  });
  return { words: [...known.keys()], codes };
}

function codesWhere(codes: Int32Array, present: Uint8Array): Int32Array {
  const found = new Int32Array(codes.length);
  for (let row = 0; row < found.length; row++) found[row] = present[row] === 1 ? codes[row] ?? -1 : -1;
  return found;
}

function bothPresent(outer: Uint8Array, inner: Uint8Array | null): Uint8Array {
  if (inner === null) return outer;
  const found = new Uint8Array(outer.length);
  for (let row = 0; row < found.length; row++) found[row] = (outer[row] ?? 0) & (inner[row] ?? 0);
  return found;
}
