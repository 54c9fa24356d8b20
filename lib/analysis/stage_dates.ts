/** Writes the files of an analysis table for dates that are outdated. */
import { type Add, type Columns, type ComputedChange, type DeltaTable, rowCount } from "../delta/mod.ts";
import { ANALYSIS_PARTITION } from "../tables/analysis_schemas.ts";
import type { AnalysisName } from "../tables/table_paths.ts";
import { type DateFacts, tableColumns } from "./date_facts.ts";
import { type OutdatedDate, SOURCE_TAG } from "./outdated_dates.ts";
import type { RunFiles } from "./run_files.ts";
import type { DateTracks } from "./date_tracks.ts";
import { joinTracks } from "./run_tracks.ts";
import { withSightings } from "./sightings.ts";
import { type SeenMessages, storedSightings } from "./stored_sightings.ts";
import { tracksColumn } from "./tracks_column.ts";

/** What the rows are made of. */
export interface StageDatesOptions {
  readonly name: AnalysisName;
  readonly factsOf: (outdated: OutdatedDate) => Promise<DateFacts>;
  readonly seen: SeenMessages;
  readonly runFiles: RunFiles;
}

/** One file per date, in the place of those that were there. */
export async function stageDates(
  table: DeltaTable,
  outdated: readonly OutdatedDate[],
  options: StageDatesOptions,
): Promise<ComputedChange> {
  const present = outdated.filter(({ files }) => files.length > 0);
  const staged = await Promise.all(present.map((each) => stageDate(table, each, options)));
  const dates = new Set(outdated.map(({ date }) => date));
  return {
    operation: "WRITE",
    operationParameters: { mode: "Overwrite", partitionBy: JSON.stringify([ANALYSIS_PARTITION]) },
    operationMetrics: {
      numFiles: String(staged.length),
      numOutputRows: String(staged.reduce((sum, { rows }) => sum + rows, 0)),
      numOutputBytes: String(staged.reduce((sum, { add }) => sum + add.size, 0)),
    },
    adds: staged.map(({ add }) => add),
    removes: outdated.flatMap(({ removes }) => removes),
    reads: { matches: (values) => dates.has(values[ANALYSIS_PARTITION] ?? "") },
  };
}

async function stageDate(
  table: DeltaTable,
  outdated: OutdatedDate,
  { name, factsOf, seen, runFiles }: StageDatesOptions,
): Promise<{ readonly add: Add; readonly rows: number }> {
  const { date, source, removes } = outdated;
  const facts = await factsOf(outdated);
  const stage = async (columns: Columns) => ({
    add: await table.stageColumns(columns, {
      partitionValues: { [ANALYSIS_PARTITION]: date },
      tags: { [SOURCE_TAG]: source },
    }),
    rows: rowCount(columns),
  });
  if (name === "station_days") return await stage(tableColumns(facts, name, await runFiles.ofDate(date)));
  if (name === "leg_delays") return await stage(tableColumns(facts, name));
  const { columns, tracks } = withSeen(tableColumns(facts, name), {
    ...{ date, seen },
    stored: await storedSightings(table, removes, seen.tracks.names),
  });
  const staged = await stage(columns);
  runFiles.remember(staged.add, tracks);
  return staged;
}

interface SeenOfDate {
  readonly date: string;
  readonly seen: SeenMessages;
  readonly stored: Awaited<ReturnType<typeof storedSightings>>;
}

/** Rows of `train_runs` with what messages have told of them. */
function withSeen(
  runs: Columns,
  { date, seen, stored }: SeenOfDate,
): { readonly columns: Columns; readonly tracks: DateTracks } {
  const tracks = joinTracks(stored.map((rows) => rows.tracks), seen.tracks.of(date));
  const first = withSightings(runs, [seen.sightings.of(date), ...stored.map((rows) => rows.sightings)]);
  return { columns: { ...first, tracks: tracksColumn(runs, tracks, seen.tracks.names) }, tracks };
}
