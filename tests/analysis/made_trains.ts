/** Trains made by hand, as short as they can be written, and the rows that the analysis tables have of them. */
import { createTable, MemoryStore } from "../../lib/delta/mod.ts";
import { dateFacts, tableColumns } from "../../lib/analysis/date_facts.ts";
import { withSightings } from "../../lib/analysis/sightings.ts";
import { ANALYSIS_PARTITION, ANALYSIS_SCHEMAS } from "../../lib/tables/analysis_schemas.ts";
import type { AnalysisName } from "../../lib/tables/table_paths.ts";
import { testContext } from "../delta/test_context.ts";
import { rowsOfTrains } from "../quality/count_trains.ts";

/**
 * A row: station, A or D, scheduled time (UTC), seconds late or null where no actual time is known; then "-" where it is
 * cancelled, "~" where the train passes.
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

/** The rows of a table, written to a file and read from it: numbers instead of bigints, times as texts. */
export async function analysed(table: AnalysisName, trains: readonly MadeTrain[]): Promise<Rows> {
  const worked = tableColumns(dateFacts(await rowsOfTrains(trains.map(messageOf), WRITTEN)), table);
  const columns = table === "train_runs" ? withSightings(worked, []) : worked;
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

function timeText(value: unknown): string | null {
  return value === null ? null : new Date(Number(value) / 1000).toISOString().replace(".000Z", "Z");
}
