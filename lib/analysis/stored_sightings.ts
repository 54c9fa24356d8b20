/** What `train_runs` knows already of when trains were first seen: no row of the standard table tells it. */
import type { Add, DeltaTable, StructType } from "../delta/mod.ts";
import { ANALYSIS_PARTITION, ANALYSIS_SCHEMAS } from "../tables/analysis_schemas.ts";
import { readWhole } from "./read_whole.ts";
import { type DateSightings, isLess, type Sightings, sightingsIn } from "./sightings.ts";

const COLUMNS: ReadonlySet<string> = new Set([
  "trainNumber",
  "firstVersion",
  "firstSeen",
  "firstSourceEpoch",
]);
const SCHEMA: StructType = {
  type: "struct",
  fields: ANALYSIS_SCHEMAS.train_runs.fields.filter(({ name }) => COLUMNS.has(name)),
};

/** File by file. */
export async function storedSightings(
  trainRuns: DeltaTable,
  files: readonly Add[],
): Promise<readonly DateSightings[]> {
  const stored: DateSightings[] = [];
  for (const add of files) stored.push(sightingsIn(await readWhole(trainRuns, add, SCHEMA)));
  return stored;
}

/** Dates with a train that was seen earlier, or in an older version, than its row says; all else may be up to date. */
export async function datesSeenEarlier(
  trainRuns: DeltaTable,
  sightings: Sightings,
): Promise<ReadonlySet<string>> {
  const files = Map.groupBy(
    trainRuns.snapshot.files.values(),
    ({ partitionValues }) => partitionValues[ANALYSIS_PARTITION] ?? "",
  );
  const earlier = new Set<string>();
  for (const date of sightings.dates) {
    const stored = await storedSightings(trainRuns, files.get(date) ?? []);
    if (stored.some((known) => isLess(sightings.of(date), known))) earlier.add(date);
  }
  return earlier;
}
