/** Trains made by hand, as short as they can be written, and the rows that the analysis tables have of them. */
import { type Columns, createTable, MemoryStore } from "../../lib/delta/mod.ts";
import { DateTracks } from "../../lib/analysis/date_tracks.ts";
import { type DateFacts, dateFacts, tableColumns } from "../../lib/analysis/date_facts.ts";
import { changedTracks } from "../../lib/analysis/changed_tracks.ts";
import { joinTracks } from "../../lib/analysis/run_tracks.ts";
import { SeenTracks } from "../../lib/analysis/seen_tracks.ts";
import { withSightings } from "../../lib/analysis/sightings.ts";
import { tracksColumn } from "../../lib/analysis/tracks_column.ts";
import { TrainRows } from "../../lib/tables/rows/train_rows.ts";
import { ANALYSIS_PARTITION, ANALYSIS_SCHEMAS } from "../../lib/tables/analysis_schemas.ts";
import type { AnalysisName } from "../../lib/tables/table_paths.ts";
import { testContext } from "../delta/test_context.ts";
import { rowsOfTrains } from "../quality/count_trains.ts";

/**
 * A row: station, A or D, scheduled time (UTC), seconds late or null where no actual time is known; then "-" where it is
 * cancelled, "~" where the train passes, "=3" where it stands on track 3; nothing behind.
 */
export type MadeRow = readonly [
  station: string,
  side: "A" | "D",
  time: string,
  delay: number | null,
  marks?: string,
];

/** What the message of a train says beside its rows. */
export interface MadeTrain {
  readonly number: number;
  readonly date: string;
  readonly rows: readonly MadeRow[];
  readonly [field: string]: unknown;
}

/** When all messages were written. */
export const WRITTEN = Date.parse("2025-02-17T04:21:00Z");

/** The message of a train. */
export function messageOf(
  { number, date, rows, causes = {}, ...fields }: MadeTrain,
): Record<string, unknown> {
  return {
    ...{ trainNumber: number, departureDate: date, operatorUICCode: 10, operatorShortCode: "vr" },
    ...{ trainType: "IC", trainCategory: "Long-distance", commuterLineID: "", runningCurrently: false },
    ...{ cancelled: false, version: 7, timetableType: "REGULAR", ...fields },
    timeTableRows: rows.map(([station, side, time, delay, marks = ""], at) => ({
      ...{ stationShortCode: station, stationUICCode: 1, countryCode: "FI", commercialStop: true },
      ...{ type: side === "A" ? "ARRIVAL" : "DEPARTURE", trainStopping: !marks.includes("~") },
      ...{ cancelled: marks.includes("-"), scheduledTime: time, differenceInMinutes: 99 },
      ...(marks.includes("=") ? { commercialTrack: marks.slice(marks.indexOf("=") + 1) } : {}),
      ...(delay === null ? {} : { actualTime: new Date(Date.parse(time) + delay * 1000).toISOString() }),
      // An estimate is no actual time.
      liveEstimateTime: new Date(Date.parse(time) + 3_600_000).toISOString(),
      causes: ((causes as Record<number, readonly string[]>)[at] ?? []).map((categoryCode) => ({
        categoryCode,
      })),
    })),
  };
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** The rows of a table, `older` messages having been before; written to a file and read from it: numbers instead of bigints, times as texts. */
export async function analysed(
  table: AnalysisName,
  trains: readonly MadeTrain[],
  older: readonly MadeTrain[] = [],
): Promise<Rows> {
  const seen = new SeenTracks();
  const given = await rowsOfTrains(trains.map(messageOf), WRITTEN);
  see(seen, given);
  for (const train of older) see(seen, await rowsOfTrains([messageOf(train)], WRITTEN));
  const columns = workedOut(table, dateFacts(given), seen);
  const definition = { schema: ANALYSIS_SCHEMAS[table], partitionColumns: [ANALYSIS_PARTITION] };
  const made = await createTable(new MemoryStore(), definition, testContext());
  const partitionValues = { [ANALYSIS_PARTITION]: trains[0]?.date ?? "2025-02-17" };
  const rows = await made.readRows(await made.stageColumns(columns, { partitionValues }));
  const times = new Set(
    ANALYSIS_SCHEMAS[table].fields.filter(({ type }) => type === "timestamp").map(({ name }) => name),
  );
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => name !== ANALYSIS_PARTITION).map(([name, value]) =>
        [name, times.has(name) ? timeText(value) : typeof value === "bigint" ? Number(value) : value] as const
      ),
    )
  );
}

/** All of one date. */
function see(seen: SeenTracks, columns: Columns): void {
  const rows = new TrainRows(columns), numbers = rows.number("trainNumber");
  rows.eachTrain((from, to) =>
    seen.add(
      [{ departureDay: 0, trainNumber: numbers[from] ?? NaN, firstRow: from, rowCount: to - from }],
      columns,
    )
  );
}

/** The rows of a table for trains of one date, as `process` makes them; by default nothing was seen of their tracks. */
export function workedOut(
  table: AnalysisName,
  facts: DateFacts,
  seen: SeenTracks = new SeenTracks(),
): Columns {
  const { names } = seen;
  const tracks = joinTracks(seen.dates.map((date) => seen.of(date)), new DateTracks());
  if (table !== "train_runs") return tableColumns(facts, table, changedTracks(tracks, names));
  return { ...withSightings(facts.runs, []), tracks: tracksColumn(facts.runs, tracks, names) };
}

function timeText(value: unknown): string | null {
  return value === null ? null : new Date(Number(value) / 1000).toISOString().replace(".000Z", "Z");
}
