/** All that is worked out of the rows of one departure date, in a form in which several files' worth can be joined. Pure. */
import { type Columns, gatherColumns, rowCount, type RowPiece } from "../delta/mod.ts";
import { ColumnNumbers } from "../tables/rows/column_numbers.ts";
import type { AnalysisName } from "../tables/table_paths.ts";
import { legDelays } from "./leg_delays.ts";
import { routesOf } from "./routes.ts";
import { stationDays, trainStops } from "./station_days.ts";
import { trainRuns } from "./train_runs.ts";

/** Columns, each with the `trainNumber`, in rising order of it. */
export interface DateFacts {
  readonly runs: Columns;
  readonly legs: Columns;
  readonly stops: Columns;
}

/** Works it out of rows of the standard table that lie in one departure date, in whatever order. */
export function dateFacts(rows: Columns): DateFacts {
  const routes = routesOf(rows);
  return { runs: trainRuns(routes), legs: legDelays(routes), stops: trainStops(routes) };
}

/** Facts of several files of one date; undefined when a train lies in two of them, so that only its rows tell more. */
export function joinFacts(parts: readonly DateFacts[]): DateFacts | undefined {
  const [first, ...more] = parts;
  if (first !== undefined && more.length === 0) return first;
  const numbers = parts.map(({ runs }) => [...new ColumnNumbers(runs).of("trainNumber")]);
  if (new Set(numbers.flat()).size < numbers.flat().length) return undefined;
  return {
    runs: joinByTrain(parts.map(({ runs }) => runs)),
    legs: joinByTrain(parts.map(({ legs }) => legs)),
    stops: joinByTrain(parts.map(({ stops }) => stops)),
  };
}

/** The rows of the tables, without the date. */
export function tableColumns({ runs, legs, stops }: DateFacts, table: AnalysisName): Columns {
  return table === "train_runs" ? runs : table === "leg_delays" ? legs : stationDays(stops);
}

function joinByTrain(parts: readonly Columns[]): Columns {
  const pieces: (RowPiece & { readonly number: number })[] = [];
  for (const columns of parts) {
    const numbers = new ColumnNumbers(columns).of("trainNumber");
    for (let from = 0, to = 0, rows = rowCount(columns); from < rows; from = to) {
      const number = numbers[from] ?? NaN;
      to = from + 1;
      while (to < rows && numbers[to] === number) to++;
      pieces.push({ columns, from, to, number });
    }
  }
  const sorted = pieces.sort((a, b) => a.number - b.number);
  return sorted.length > 0 ? gatherColumns(sorted) : parts[0] ?? {};
}
