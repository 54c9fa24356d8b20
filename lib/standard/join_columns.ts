/** Joins what stays of replaced files with the rows that replace the rest, as columns: without polars. */
import { type Column, type Columns, gatherColumns, longsOf, rowCount, type RowPiece } from "../delta/mod.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";

/**
 * The rows of a departure date but for the date: what stays of the files that are replaced, then what is new; undefined
 * when a file has to be read as a frame.
 */
export function piecesToJoin(
  replaced: readonly Columns[],
  fresh: Columns,
  numbers: ReadonlySet<number>,
): readonly RowPiece[] | undefined {
  const { [STANDARD_PARTITION]: _, ...rest } = fresh;
  const known = replaced.map((columns) => withEpoch(columns, rest));
  if (!known.every((columns) => hasSameColumns(columns, rest))) return undefined;
  const kept = known.flatMap((columns) => keptPieces(columns, numbers));
  return [...kept, { columns: rest, from: 0, to: rowCount(rest) }];
}

/** The rows of the pieces in columns of their own, with the date; a single one is taken as it is. */
export function joinDated(pieces: readonly RowPiece[], day: number): Columns {
  const [first] = pieces;
  const isWhole = pieces.length === 1 && first?.from === 0 && first.to === rowCount(first.columns);
  const joined = isWhole ? first.columns : gatherColumns(pieces);
  const length = rowCount(joined);
  const values = new Int32Array(length).fill(day);
  return { ...joined, [STANDARD_PARTITION]: { kind: "int32", length, present: null, values } };
}

/** Files that were written before there were epochs. */
function withEpoch(columns: Columns, ours: Columns): Columns {
  if (Object.hasOwn(columns, "sourceEpoch") || !Object.hasOwn(ours, "sourceEpoch")) return columns;
  const length = rowCount(columns);
  const none = { length, present: new Uint8Array(length), values: new Int32Array(length) };
  return { ...columns, sourceEpoch: { kind: "int32", ...none } };
}

/** Others may have added columns, or fields to structs, or left some out. */
function hasSameColumns(found: Columns, ours: Columns): boolean {
  const names = Object.keys(ours);
  return Object.keys(found).length === names.length &&
    names.every((name) => isAlike(found[name], ours[name]));
}

function isAlike(found: Column | undefined, ours: Column | undefined): boolean {
  if (found?.kind === "struct" && ours?.kind === "struct") return hasSameColumns(found.fields, ours.fields);
  if (found?.kind === "list" && ours?.kind === "list") return isAlike(found.elements, ours.elements);
  // Texts stand in either form.
  return found !== undefined && ours !== undefined;
}

/** The rows of other trains, and those whose train nobody knows. */
function keptPieces(columns: Columns, replaced: ReadonlySet<number>): readonly RowPiece[] {
  const { trainNumber: numbers } = columns;
  if (numbers?.kind !== "int64") return [];
  const { present, length } = numbers;
  const values = longsOf(numbers);
  const pieces: { columns: Columns; from: number; to: number }[] = [];
  for (let row = 0; row < length; row++) {
    const isKnown = present === null || present[row] === 1;
    if (isKnown && replaced.has(Number(values[row]))) continue;
    const last = pieces.at(-1);
    if (last?.to === row) last.to++;
    else pieces.push({ columns, from: row, to: row + 1 });
  }
  return pieces;
}
