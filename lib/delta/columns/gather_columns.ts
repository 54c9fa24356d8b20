/** Joins rows of several sets of columns into one. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Column, Columns } from "./column.ts";

/** A byte order mark is a character. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Rows `from <= row < to` of a set of columns. */
export interface RowPiece {
  /** The columns that have the rows. */
  readonly columns: Columns;
  /** The first row, counted from 0. */
  readonly from: number;
  /** The row after the last. */
  readonly to: number;
}

/** The same of a single column. */
interface Piece<Kind extends Column = Column> {
  readonly column: Kind;
  readonly from: number;
  readonly to: number;
}

/**
 * Copies the rows of the pieces, one after another, into columns of their own. All pieces have the same columns; texts
 * become words where they are words in one of them.
 *
 * @throws {TypeError} when a piece lacks a column, or has one of another kind
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gatherColumns } from "../mod.ts";
 *
 * const track = { kind: "int32", length: 3, present: null, values: Int32Array.of(4, 1, 7) } as const;
 * const { track: found } = gatherColumns([{ columns: { track }, from: 2, to: 3 }, { columns: { track }, from: 0, to: 1 }]);
 * assertEquals(found, { kind: "int32", length: 2, present: null, values: Int32Array.of(7, 4) });
 * ```
 */
export function gatherColumns(pieces: readonly RowPiece[]): Columns {
  checkArguments("gatherColumns", { pieces }, { pieces: KIND.pieces });
  return joinPieces(pieces);
}

function joinPieces(pieces: readonly RowPiece[]): Columns {
  const [first] = pieces;
  if (first === undefined) return {};
  const known = Object.keys(first.columns);
  for (const { columns } of pieces) {
    const more = Object.keys(columns).find((name) => !known.includes(name));
    if (more !== undefined) {
      throw new TypeError(
        `Cannot join the column "${more}": found it in some pieces, expected it in all of them`,
      );
    }
  }
  return Object.fromEntries(
    known.map((name) => {
      const mine = pieces.map(({ columns, from, to }) => ({ column: columnOf(columns, name), from, to }));
      return [name, gather(mine)] as const;
    }),
  );
}

function columnOf(columns: Columns, name: string): Column {
  const column = columns[name];
  if (column !== undefined) return column;
  throw new TypeError(`Cannot join the column "${name}": found none in a piece, expected it in all of them`);
}

function gather(given: readonly Piece[]): Column {
  const pieces = withOneTextKind(given);
  const length = pieces.reduce((sum, { from, to }) => sum + to - from, 0);
  const head = { length, present: gatherPresent(pieces, length) };
  const kind = pieces[0]?.column.kind ?? "int32";
  switch (kind) {
    case "int32":
      return { kind, ...head, values: joinInts(ofKind(pieces, kind), ({ values }) => values, length) };
    case "int64":
      return { kind, ...head, halves: joinInts(ofKind(pieces, kind), ({ halves }) => halves, length * 2, 2) };
    case "boolean": {
      const values = new Uint8Array(length);
      eachPiece(ofKind(pieces, kind), ({ column, from, to }, at) => {
        values.set(column.values.subarray(from, to), at);
      });
      return { kind, ...head, values };
    }
    case "bytes":
      return { kind, ...head, ...joinBytes(ofKind(pieces, kind), length) };
    case "words":
      return { kind, ...head, ...joinWords(ofKind(pieces, kind), length) };
    case "list": {
      const mine = ofKind(pieces, kind);
      const inside = mine.map(({ column, from, to }) => ({
        column: column.elements,
        from: column.ends[from] ?? 0,
        to: column.ends[to] ?? 0,
      }));
      return { kind, ...head, ends: joinEnds(mine, length), elements: gather(inside) };
    }
    case "struct": {
      const inside = ofKind(pieces, kind).map(({ column, from, to }) => ({
        columns: column.fields,
        from,
        to,
      }));
      return { kind, ...head, fields: joinPieces(inside) };
    }
  }
}

/** Texts may stand in both forms, as a file that has none at all does not say which it would have. */
function withOneTextKind(pieces: readonly Piece[]): readonly Piece[] {
  const kinds = new Set(pieces.map(({ column: { kind } }) => kind));
  if (kinds.size < 2 || !kinds.has("words") || !kinds.has("bytes")) return pieces;
  return pieces.map(({ column, ...range }) => ({
    column: column.kind === "bytes" ? wordsOf(column) : column,
    ...range,
  }));
}

function wordsOf({ length, present, ends, bytes }: Extract<Column, { kind: "bytes" }>): Column {
  const codes = new Int32Array(length);
  const places = new Map<string, number>();
  for (let row = 0; row < length; row++) {
    if (present !== null && present[row] === 0) continue;
    codes[row] = placeOf(places, decoder.decode(bytes.slice(ends[row], ends[row + 1])));
  }
  return { kind: "words", length, present, codes, words: [...places.keys()] };
}

function ofKind<Kind extends Column["kind"]>(
  pieces: readonly Piece[],
  kind: Kind,
): readonly Piece<Extract<Column, { kind: Kind }>>[] {
  return pieces.map(({ column, from, to }) => {
    if (!isKind(column, kind)) {
      throw new TypeError(
        `Cannot join columns: found ${column.kind}, expected ${kind} as in the first piece`,
      );
    }
    return { column, from, to };
  });
}

function isKind<Kind extends Column["kind"]>(
  column: Column,
  kind: Kind,
): column is Extract<Column, { kind: Kind }> {
  return column.kind === kind;
}

/** Calls with each piece and the row where it goes. */
function eachPiece<Kind extends Column>(
  pieces: readonly Piece<Kind>[],
  take: (piece: Piece<Kind>, at: number) => void,
): void {
  let at = 0;
  for (const piece of pieces) {
    take(piece, at);
    at += piece.to - piece.from;
  }
}

function gatherPresent(pieces: readonly Piece[], length: number): Uint8Array | null {
  if (pieces.every(({ column: { present }, from, to }) => present?.subarray(from, to).includes(0) !== true)) {
    return null;
  }
  const all = new Uint8Array(length).fill(1);
  eachPiece(pieces, ({ column: { present }, from, to }, at) => {
    if (present !== null) all.set(present.subarray(from, to), at);
  });
  return all;
}

function joinInts<Kind extends Column>(
  pieces: readonly Piece<Kind>[],
  intsOf: (column: Kind) => Int32Array,
  size: number,
  width = 1,
): Int32Array {
  const all = new Int32Array(size);
  eachPiece(pieces, ({ column, from, to }, at) => {
    all.set(intsOf(column).subarray(from * width, to * width), at * width);
  });
  return all;
}

function joinEnds(
  pieces: readonly Piece<Extract<Column, { ends: Int32Array }>>[],
  length: number,
): Int32Array {
  const ends = new Int32Array(length + 1);
  eachPiece(pieces, ({ column, from, to }, at) => {
    const shift = (ends[at] ?? 0) - (column.ends[from] ?? 0);
    for (let row = from; row < to; row++) ends[at + row - from + 1] = (column.ends[row + 1] ?? 0) + shift;
  });
  return ends;
}

function joinBytes(pieces: readonly Piece<Extract<Column, { kind: "bytes" }>>[], length: number) {
  const ends = joinEnds(pieces, length);
  const bytes = new Uint8Array(ends[length] ?? 0);
  eachPiece(pieces, ({ column, from, to }, at) => {
    bytes.set(column.bytes.subarray(column.ends[from], column.ends[to]), ends[at]);
  });
  return { ends, bytes };
}

/** The words of all pieces, each once, and only those that a row has. */
function joinWords(pieces: readonly Piece<Extract<Column, { kind: "words" }>>[], length: number) {
  const codes = new Int32Array(length);
  const places = new Map<string, number>();
  eachPiece(pieces, ({ column: { codes: mine, words, present }, from, to }, at) => {
    const known = new Int32Array(words.length).fill(-1);
    for (let row = from; row < to; row++) {
      if (present !== null && present[row] === 0) continue;
      const code = mine[row] ?? 0;
      let place = known[code] ?? -1;
      if (place < 0) known[code] = place = placeOf(places, words[code] ?? "");
      codes[at + row - from] = place;
    }
  });
  return { codes, words: [...places.keys()] };
}

function placeOf(places: Map<string, number>, word: string): number {
  const known = places.get(word);
  if (known !== undefined) return known;
  places.set(word, places.size);
  return places.size - 1;
}
