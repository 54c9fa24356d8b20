/** Rows of `train_runs` as objects, for the few that an answer is about. Pure. */
import type { Columns } from "../delta/mod.ts";
import { TrainRows, YES } from "../tables/rows/train_rows.ts";

/** How a train ran on a date; a delay is null where it was not, or not yet. */
export interface TrainRun {
  /** Of its departure, YYYY-MM-DD. */
  readonly date: string;
  readonly number: number;
  readonly type: string | null;
  readonly category: string | null;
  readonly line: string | null;
  readonly operator: string | null;
  readonly origin: string | null;
  readonly destination: string | null;
  readonly departureDelaySeconds: number | null;
  readonly arrivalDelaySeconds: number | null;
  readonly worstDelaySeconds: number | null;
  readonly worstDelayStation: string | null;
  readonly stopsSkipped: number;
  readonly cancelled: boolean;
  readonly partlyCancelled: boolean;
  readonly deleted: boolean;
}

/** The columns of the table that they are made of. */
export const RUN_COLUMNS: readonly string[] = [
  ...["trainNumber", "trainType", "trainCategory", "commuterLineID", "operatorShortCode", "origin"],
  ...["destination", "departureDelaySeconds", "arrivalDelaySeconds", "worstDelaySeconds"],
  ...["worstDelayStation", "stopsSkipped", "cancelled", "partiallyCancelled", "deleted"],
];

/** The runs of a departure date with these numbers; all of them when none are given. */
export function trainRunsIn(
  date: string,
  columns: Columns,
  isMeant: (number: number) => boolean = () => true,
): readonly TrainRun[] {
  const rows = new TrainRows(columns), numbers = rows.number("trainNumber");
  const text = textAt(rows), number = numberAt(rows);
  const flag = (name: string, row: number) => rows.flag(name)[row] === YES;
  const runs: TrainRun[] = [];
  for (let row = 0; row < rows.rows; row++) {
    const own = numbers[row] ?? NaN;
    if (Number.isNaN(own) || !isMeant(own)) continue;
    runs.push({
      ...{ date, number: own, type: text("trainType", row), category: text("trainCategory", row) },
      ...{ line: text("commuterLineID", row), operator: text("operatorShortCode", row) },
      ...{ origin: text("origin", row), destination: text("destination", row) },
      departureDelaySeconds: number("departureDelaySeconds", row),
      arrivalDelaySeconds: number("arrivalDelaySeconds", row),
      worstDelaySeconds: number("worstDelaySeconds", row),
      worstDelayStation: text("worstDelayStation", row),
      stopsSkipped: number("stopsSkipped", row) ?? 0,
      cancelled: flag("cancelled", row),
      partlyCancelled: flag("partiallyCancelled", row),
      deleted: flag("deleted", row),
    });
  }
  return runs;
}

/** Texts of a row, null where there is none; "" is none. */
export function textAt(rows: TrainRows): (name: string, row: number) => string | null {
  return (name, row) => {
    const { codes, words } = rows.text(name);
    return words[codes[row] ?? -1] || null;
  };
}

/** Numbers of a row, null where there is none. */
export function numberAt(rows: TrainRows): (name: string, row: number) => number | null {
  return (name, row) => {
    const number = rows.number(name)[row] ?? NaN;
    return Number.isNaN(number) ? null : number;
  };
}
