/** All that is worked out of the rows of one departure date, in a form in which several files' worth can be joined. Pure. */
import { type Columns, gatherColumns, rowCount } from "../delta/mod.ts";
import { ColumnNumbers } from "../tables/rows/column_numbers.ts";
import type { AnalysisName } from "../tables/table_paths.ts";
import type { ChangedTracks } from "./changed_tracks.ts";
import { legDelays } from "./leg_delays.ts";
import { routesOf } from "./routes.ts";
import { stationDays, trainStops } from "./station_days.ts";
import { trainRuns } from "./train_runs.ts";

/** Columns; those of one file in rising order of the train numbers. */
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

/**
 * Facts of several files of one date, one after another; undefined when a train lies in two of them, so that only its
 * rows tell more.
 */
export function joinFacts(parts: readonly DateFacts[]): DateFacts | undefined {
  const [first, ...more] = parts;
  if (first !== undefined && more.length === 0) return first;
  const numbers = parts.flatMap(({ runs }) => [...new ColumnNumbers(runs).of("trainNumber")]);
  if (new Set(numbers).size < numbers.length) return undefined;
  return {
    runs: join(parts.map(({ runs }) => runs)),
    legs: join(parts.map(({ legs }) => legs)),
    stops: join(parts.map(({ stops }) => stops)),
  };
}

function join(parts: readonly Columns[]): Columns {
  return gatherColumns(parts.map((columns) => ({ columns, from: 0, to: rowCount(columns) })));
}

/** The rows of the tables, without the date; those of `train_runs` without what no row of the standard table tells. */
export function tableColumns(
  { runs, legs, stops }: DateFacts,
  table: AnalysisName,
  changed?: ChangedTracks,
): Columns {
  return table === "train_runs" ? runs : table === "leg_delays" ? legs : stationDays(stops, changed);
}
