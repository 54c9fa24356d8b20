/** What breaks the rules where: the newest rows apart by category, operator and station, for pictures. */
import type { Add, DeltaTable } from "../../delta/mod.ts";
import { STANDARD_PARTITION } from "../../tables/standard_schema.ts";
import { type Segment, SegmentCounter, type SegmentOptions } from "../count_segments.ts";
import { readTrainRows } from "../read_train_rows.ts";

/** What pictures tell apart. */
export const PICTURED = ["trainCategory", "operator", "station"] as const;

/** Rules on rows, counted apart. */
export interface SegmentFailures {
  readonly by: Readonly<Record<typeof PICTURED[number], readonly Segment[]>>;
  /** How many rows were looked at, and how many there are. */
  readonly rows: number;
  readonly allRows: number;
  /** The earliest departure date that was looked at; null where there is none. */
  readonly since: string | null;
}

/** What is counted. */
export interface FailureOptions extends Pick<SegmentOptions, "rules" | "counter"> {
  readonly mostRows: number;
}

/** No rule asks for these; without them a file is read in half the time. */
export const UNASKED_COLUMNS: readonly string[] = [
  ...["operatorUICCode", "version", "timetableAcceptanceDate", "commercialTrack", "estimateSource"],
  ...["trainTravelId", "unknownTrack", "stopSector", "trainDeleted", "contentHash"],
  ...["kafkaPartition", "kafkaOffset", "sourceEpoch"],
];

/**
 * Reads data files, those of the newest departure dates first, as long as they have `mostRows` rows together at most;
 * but one file in any case.
 */
export async function segmentFailures(
  standard: DeltaTable,
  { rules, counter, mostRows }: FailureOptions,
): Promise<SegmentFailures> {
  const segments = new SegmentCounter(PICTURED, rules, counter);
  const names = standard.snapshot.schema.fields.map(({ name }) => name);
  const columns = names.filter((name) => !UNASKED_COLUMNS.includes(name) && name !== STANDARD_PARTITION);
  let rows = 0, allRows = 0, isFull = false, since: string | null = null;
  for (const add of newestFirst(standard)) {
    const count = await standard.countRows(add);
    allRows += count;
    isFull ||= rows > 0 && rows + count > mostRows;
    if (isFull) continue;
    rows += count;
    since = dateOf(add);
    segments.add(await readTrainRows(standard, add, { columns }));
  }
  const by = {
    trainCategory: segments.by("trainCategory").segments,
    operator: segments.by("operator").segments,
    station: segments.by("station").segments,
  };
  return { by, rows, allRows, since };
}

function newestFirst({ snapshot }: DeltaTable): readonly Add[] {
  return [...snapshot.files.values()].sort((a, b) => {
    const [mine, other] = [dateOf(a) ?? "", dateOf(b) ?? ""];
    return mine === other ? (a.path < b.path ? -1 : 1) : mine < other ? 1 : -1;
  });
}

function dateOf({ partitionValues }: Add): string | null {
  return partitionValues[STANDARD_PARTITION] ?? null;
}
