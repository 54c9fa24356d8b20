/**
 * Which departure dates of an analysis table are not those of the standard table any more. Each date is one file, tagged
 * with the files that it was worked out of: it is right as long as just these are the files of that date, whatever has
 * become of the process that wrote it, and whoever has changed the standard table since. Pure.
 */
import type { Add, Snapshot } from "../delta/mod.ts";
import { ANALYSIS_PARTITION } from "../tables/analysis_schemas.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";

/** A date that has to be worked out again. */
export interface OutdatedDate {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Files of the standard table; none where the date has gone. */
  readonly files: readonly Add[];
  /** Names them. */
  readonly source: string;
  /** Files of the analysis table whose place is taken. */
  readonly removes: readonly Add[];
}

/** On the data file: names its source. */
export const SOURCE_TAG = "ratalake.source";

/** To be raised when something else is worked out: all dates are outdated then. */
const REVISION = "3";

/** Which dates are outdated whatever their files say. */
interface OutdatedOptions {
  /** All of them. */
  readonly isRebuild?: boolean;
  /** These, where they are in one of the tables. */
  readonly also?: ReadonlySet<string> | undefined;
  /** A table that this one is worked out of too. */
  readonly beside?: Snapshot | undefined;
}

/** The dates in their order. */
export function outdatedDates(
  standard: Snapshot,
  table: Snapshot,
  { isRebuild = false, also, beside }: OutdatedOptions = {},
): readonly OutdatedDate[] {
  const wanted = filesByDate(standard, STANDARD_PARTITION), known = filesByDate(table, ANALYSIS_PARTITION);
  const more = beside && filesByDate(beside, ANALYSIS_PARTITION);
  return [...new Set([...wanted.keys(), ...known.keys()])].sort().flatMap((date) => {
    const files = wanted.get(date) ?? [], removes = known.get(date) ?? [];
    const source = sourceOf(files, more?.get(date));
    const isMeant = isRebuild || also?.has(date) === true || !isUpToDate(files, removes, source);
    return isMeant ? [{ date, files, source, removes }] : [];
  });
}

/** Rows without a date are no train's. */
function filesByDate({ files }: Snapshot, partition: string): ReadonlyMap<string, readonly Add[]> {
  const byDate = Map.groupBy(files.values(), ({ partitionValues }) => partitionValues[partition] ?? "");
  byDate.delete("");
  return byDate;
}

function isUpToDate(files: readonly Add[], [file, ...more]: readonly Add[], source: string): boolean {
  if (files.length === 0 || file === undefined || more.length > 0) return false;
  return file.deletionVector === undefined && file.tags?.[SOURCE_TAG] === source;
}

/** Paths are encoded as URIs, so that they have no spaces. */
function sourceOf(files: readonly Add[], more: readonly Add[] = []): string {
  return [REVISION, ...files.map(fileKey).sort(), ...more.map(fileKey).sort()].join(" ");
}

/** A data file never changes, but rows may be deleted from it by a vector. */
export function fileKey({ path, deletionVector }: Add): string {
  if (deletionVector === undefined) return path;
  const { storageType, pathOrInlineDv, offset = 0 } = deletionVector;
  return `${path}#${storageType}${pathOrInlineDv}@${offset}`;
}
