/** Reads what the headlines are made of: few columns of two analysis tables, and the stations' names if they are there. */
import { headlines, LEG_COLUMNS, RUN_COLUMNS } from "../../answers/headlines.ts";
import { openTable, type Row, type Store, TableNotFoundError, type TableOptions } from "../../delta/mod.ts";
import { ANALYSIS_PATHS, METADATA_PATHS } from "../../tables/table_paths.ts";

/** Where the tables are. */
export interface HeadlineSource {
  readonly storeOf: (path: string) => Store;
  readonly context: TableOptions;
}

/** The lines; none when there is nothing to tell. */
export async function readHeadlines(source: HeadlineSource): Promise<readonly string[]> {
  const [runs, legs, stations] = await Promise.all([
    readRows(ANALYSIS_PATHS.train_runs, RUN_COLUMNS, source),
    readRows(ANALYSIS_PATHS.leg_delays, LEG_COLUMNS, source),
    readRows(METADATA_PATHS.stations, ["stationShortCode", "stationName"], source),
  ]);
  const stationNames = new Map(stations.map((row) => [`${row.stationShortCode}`, `${row.stationName}`]));
  return headlines({ runs, legs, stationNames });
}

async function readRows(
  path: string,
  columns: readonly string[],
  { storeOf, context }: HeadlineSource,
): Promise<readonly Row[]> {
  try {
    const table = await openTable(storeOf(path), context);
    const files = await Promise.all(
      table.snapshot.files.values().map((add) => table.readRows(add, { columns })),
    );
    return files.flat();
  } catch (error) {
    if (error instanceof TableNotFoundError) return [];
    throw error;
  }
}
