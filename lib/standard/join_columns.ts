/** Joins what stays of replaced files with the rows that replace the rest, as columns: without polars. */
import { type Column, type Columns, gatherColumns, longsOf, rowCount, type RowPiece } from "../delta/mod.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";

/** What stays of the files that are replaced, and what is new; undefined when a file has to be read as a frame. */
export function joinColumns(
  replaced: readonly Columns[],
  fresh: Columns,
  numbers: ReadonlySet<number>,
): Columns | undefined {
  if (replaced.length === 0) return fresh;
  const { [STANDARD_PARTITION]: date, ...rest } = fresh;
  if (date?.kind !== "int32" || !replaced.every((columns) => hasSameColumns(columns, rest))) return undefined;
  const pieces = replaced.flatMap((columns) => keptPieces(columns, numbers));
  const joined = gatherColumns([...pieces, { columns: rest, from: 0, to: rowCount(rest) }]);
  return {
    ...joined,
    [STANDARD_PARTITION]: {
      ...date,
      length: rowCount(joined),
      values: new Int32Array(rowCount(joined)).fill(date.values[0] ?? 0),
    },
  };
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
