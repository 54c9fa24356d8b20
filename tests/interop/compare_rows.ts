/** Tells where two readings of one table differ, column by column. */

import type { PlainRow } from "./pipeline_folder.ts";

/** How rows are matched, and what of them is compared. */
export interface CompareOptions {
  /** Columns that name a row; must be unique on both sides. */
  readonly key: readonly string[];
  /** By default all columns that either side has. */
  readonly columns?: readonly string[];
}

/** One line per difference: rows that only one side has, then columns with the number of rows and an example. */
export function compareRows(
  left: readonly PlainRow[],
  right: readonly PlainRow[],
  { key, columns = columnsOf(left, right) }: CompareOptions,
): readonly string[] {
  const [lefts, rights] = [indexRows(left, key), indexRows(right, key)];
  return [
    ...repeated("left", left, lefts),
    ...repeated("right", right, rights),
    ...missing("left", lefts, rights),
    ...missing("right", rights, lefts),
    ...columns.flatMap((column) => compareColumn(column, lefts, rights)),
  ];
}

type RowIndex = ReadonlyMap<string, PlainRow>;

function columnsOf(left: readonly PlainRow[], right: readonly PlainRow[]): readonly string[] {
  return [...new Set([left[0], right[0]].flatMap((row) => Object.keys(row ?? {})))];
}

function indexRows(rows: readonly PlainRow[], key: readonly string[]): RowIndex {
  return new Map(rows.map((row) => [JSON.stringify(key.map((name) => row[name])), row]));
}

function repeated(side: string, rows: readonly PlainRow[], index: RowIndex): string[] {
  return rows.length === index.size ? [] : [`${rows.length - index.size} rows of the ${side} repeat a key`];
}

function missing(side: string, here: RowIndex, there: RowIndex): string[] {
  const only = [...here.keys()].filter((key) => !there.has(key));
  return only.length === 0 ? [] : [`${only.length} rows only on the ${side}, first ${only[0]}`];
}

function compareColumn(column: string, lefts: RowIndex, rights: RowIndex): string[] {
  const text = (row: PlainRow) => JSON.stringify(column in row ? row[column] : "no such column");
  const differing = [...lefts].flatMap(([key, left]) => {
    const right = rights.get(key);
    return right === undefined || text(left) === text(right) ? [] : [`${key}: ${text(left)}, ${text(right)}`];
  });
  return differing.length === 0
    ? []
    : [`${column} differs in ${differing.length} rows, first ${differing[0]}`];
}
