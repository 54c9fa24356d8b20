/** Cuts the rows of a departure date into files of few trains, so that a small change rewrites little. Pure. */
import { longsOf, type RowPiece } from "../delta/mod.ts";

/** Rows that become one file, and the trains whose they are. */
export interface TrainCut {
  readonly pieces: readonly RowPiece[];
  /** Null of all. */
  readonly numbers: ReadonlySet<number> | null;
}

/** When rows are cut. */
export interface CutOptions {
  /** About so many trains a file has. */
  readonly trainsPerFile: number;
  /** Trains that the batch changes: where they are many, all is one file. */
  readonly changed: number;
  /** Trains of the departure date, those of files that are left as they are too. */
  readonly ofDate: number;
  /** When the newest message of a train was published, by its number; what changed lately soon changes again. */
  readonly changedAtMs: ReadonlyMap<number, number>;
}

/**
 * A file costs as much as some thirty trains in it, to be read and written. So files of few trains pay where a batch
 * changes less than about this part of a date; else it would change nearly all of them.
 */
const SMALL_PART = 1 / 40;

/**
 * Files of like size, of trains that changed one after another: those on their way lie together, apart from those that
 * stand still, so a batch finds its trains in few files. All rows in one where that is not worth it. Rows whose train
 * nobody knows are in the first.
 */
export function cutByTrains(
  rows: readonly RowPiece[],
  { trainsPerFile, changed, ofDate, changedAtMs }: CutOptions,
): readonly TrainCut[] {
  if (trainsPerFile === Infinity || changed > ofDate * SMALL_PART) return [{ pieces: rows, numbers: null }];
  const pieces = piecesByTrain(rows);
  const timeOf = (number: number) => changedAtMs.get(number) ?? -Infinity;
  const numbers = [...pieces.keys()].filter((number) => number !== null)
    .sort((a, b) => timeOf(a) === timeOf(b) ? a - b : timeOf(a) - timeOf(b));
  const count = Math.round(numbers.length / trainsPerFile);
  if (count < 2) return [{ pieces: rows, numbers: null }];
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index, index + 1].map((at) => Math.round(at * numbers.length / count));
    const mine = numbers.slice(from, to).sort((a, b) => a - b);
    const unknown = index === 0 ? pieces.get(null) ?? [] : [];
    const inOrder = [...unknown, ...mine.flatMap((number) => pieces.get(number) ?? [])];
    return { pieces: inOrder, numbers: new Set(mine) };
  });
}

/** Where the rows of each train stand. */
function piecesByTrain(rows: readonly RowPiece[]): ReadonlyMap<number | null, readonly RowPiece[]> {
  const found = new Map<number | null, { columns: RowPiece["columns"]; from: number; to: number }[]>();
  for (const { columns, from, to } of rows) {
    const { trainNumber } = columns;
    const isKnown = trainNumber?.kind === "int64";
    const values = isKnown ? longsOf(trainNumber) : null, present = isKnown ? trainNumber.present : null;
    for (let row = from; row < to; row++) {
      const number = values === null || (present !== null && present[row] === 0) ? null : Number(values[row]);
      const mine = found.get(number) ?? [];
      if (mine.length === 0) found.set(number, mine);
      const last = mine.at(-1);
      if (last?.to === row && last.columns === columns) last.to++;
      else mine.push({ columns, from: row, to: row + 1 });
    }
  }
  return found;
}
