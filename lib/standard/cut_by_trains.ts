/** Cuts the rows of a departure date into files of few trains, so that a small change rewrites little. Pure. */
import { type Columns, gatherColumns, longsOf, rowCount, type RowPiece } from "../delta/mod.ts";

/** Rows that become one file, and the trains whose they are. */
export interface TrainCut {
  readonly columns: Columns;
  readonly numbers: ReadonlySet<number>;
}

/** When rows are cut. */
export interface CutOptions {
  /** About so many trains a file has. */
  readonly trainsPerFile: number;
  /** Trains that the batch changes: where they are many, all is one file. */
  readonly changed: number;
  /** Trains of the departure date, those of files that are left as they are too. */
  readonly ofDate: number;
}

/**
 * A file costs as much as some thirty trains in it, to be read and written. So files of few trains pay where a batch
 * changes less than about this part of a date; else it would change nearly all of them.
 */
const SMALL_PART = 1 / 40;

/**
 * Files of neighbouring train numbers and like size; all rows in one where that is not worth it. Rows whose train nobody
 * knows are in the first.
 */
export function cutByTrains(
  rows: Columns,
  { trainsPerFile, changed, ofDate }: CutOptions,
): readonly TrainCut[] {
  const pieces = piecesByTrain(rows);
  const numbers = [...pieces.keys()].filter((number) => number !== null).sort((a, b) => a - b);
  const count = Math.round(numbers.length / trainsPerFile);
  if (count < 2 || changed > ofDate * SMALL_PART) {
    return [{ columns: rows, numbers: new Set(numbers) }];
  }
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index, index + 1].map((at) => Math.round(at * numbers.length / count));
    const mine = numbers.slice(from, to);
    const unknown = index === 0 ? pieces.get(null) ?? [] : [];
    const columns = gatherColumns([...unknown, ...mine.flatMap((number) => pieces.get(number) ?? [])]);
    return { columns, numbers: new Set(mine) };
  });
}

/** Where the rows of each train stand. */
function piecesByTrain(columns: Columns): ReadonlyMap<number | null, readonly RowPiece[]> {
  const { trainNumber } = columns;
  const found = new Map<number | null, { columns: Columns; from: number; to: number }[]>();
  if (trainNumber?.kind !== "int64") return found.set(null, [{ columns, from: 0, to: rowCount(columns) }]);
  const { present, length } = trainNumber, values = longsOf(trainNumber);
  for (let row = 0; row < length; row++) {
    const number = present !== null && present[row] === 0 ? null : Number(values[row]);
    const mine = found.get(number) ?? [];
    if (mine.length === 0) found.set(number, mine);
    const last = mine.at(-1);
    if (last?.to === row) last.to++;
    else mine.push({ columns, from: row, to: row + 1 });
  }
  return found;
}
