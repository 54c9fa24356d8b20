/** What `train_runs` knows already of the messages of trains: no row of the standard table tells it. */
import type { Add, DeltaTable, StructType } from "../delta/mod.ts";
import { ANALYSIS_PARTITION, ANALYSIS_SCHEMAS } from "../tables/analysis_schemas.ts";
import { readWhole } from "./read_whole.ts";
import type { DateTracks } from "./date_tracks.ts";
import { tracksIn } from "./run_tracks.ts";
import type { SeenTracks } from "./seen_tracks.ts";
import { type DateSightings, isLess, type Sightings, sightingsIn } from "./sightings.ts";
import type { TrackNames } from "./track_names.ts";

/** What messages have told that may not be in the table yet. */
export interface SeenMessages {
  readonly sightings: Sightings;
  readonly tracks: SeenTracks;
}

/** What rows of the table have of it. */
export interface StoredSeen {
  readonly sightings: DateSightings;
  readonly tracks: DateTracks;
}

const COLUMNS: ReadonlySet<string> = new Set([
  "trainNumber",
  "firstVersion",
  "firstSeen",
  "firstSourceEpoch",
  "tracks",
]);
const SCHEMA: StructType = {
  type: "struct",
  fields: ANALYSIS_SCHEMAS.train_runs.fields.filter(({ name }) => COLUMNS.has(name)),
};

/** File by file. */
export async function storedSightings(
  trainRuns: DeltaTable,
  files: readonly Add[],
  names: TrackNames,
): Promise<readonly StoredSeen[]> {
  const stored: StoredSeen[] = [];
  for (const add of files) {
    const columns = await readWhole(trainRuns, add, SCHEMA);
    stored.push({ sightings: sightingsIn(columns), tracks: tracksIn(columns, names) });
  }
  return stored;
}

/**
 * Dates with a train that was seen earlier, in an older version or on another track than its row says; all else may be
 * up to date. Only those of which something was seen, and that are not in `known`.
 */
export async function datesSeenEarlier(
  trainRuns: DeltaTable,
  { sightings, tracks }: SeenMessages,
  known: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const files = Map.groupBy(
    trainRuns.snapshot.files.values(),
    ({ partitionValues }) => partitionValues[ANALYSIS_PARTITION] ?? "",
  );
  const earlier = new Set<string>();
  for (const date of new Set([...sightings.dates, ...tracks.dates])) {
    if (known.has(date)) continue;
    const stored = await storedSightings(trainRuns, files.get(date) ?? [], tracks.names);
    const isNews = (rows: StoredSeen) =>
      isLess(sightings.of(date), rows.sightings) || tracks.of(date).hasMoreThan(rows.tracks);
    if (stored.some(isNews)) earlier.add(date);
  }
  return earlier;
}
