/** Counts the rules on rows apart for each operator, category, station, date or line. */
import type { DeltaTable } from "../delta/mod.ts";
import { readTrainRows } from "./read_train_rows.ts";
import { RULES } from "./rules.ts";
import type { Grain } from "./rules/rule.ts";
import { addTrain, eachTrainRun } from "./traffic/count_traffic.ts";
import { jointFigures, type TrainFigures } from "./traffic/traffic_figures.ts";
import type { TrainRows } from "./train_rows.ts";

/** By what rows can be told apart. */
export const SEGMENT_COLUMNS = {
  trainCategory: "trainCategory",
  operator: "operatorShortCode",
  station: "stationShortCode",
  departureDate: "departureDate",
  commuterLineID: "commuterLineID",
} as const;

/** One of them. */
export type SegmentBy = keyof typeof SEGMENT_COLUMNS;

/** What was counted of the rows that have one value. */
export interface Segment {
  /** "" for rows that have none. */
  readonly value: string;
  readonly units: Readonly<Record<"row" | "stop" | "train", number>>;
  /** By the ids of the rules, those that hold included; those on trains are not told apart by station. */
  readonly failures: Readonly<Record<string, number>>;
  /** What became of its trains; by station, of those that end there. */
  readonly traffic: TrainFigures;
}

interface OpenSegment {
  readonly units: Record<"row" | "stop" | "train", number>;
  readonly failures: Record<string, number>;
  /** As a run stores it. */
  readonly trains: Record<string, number>;
}

/** Reads the whole table, a file at a time, and counts each rule by the values of the column. */
export async function countSegments(standard: DeltaTable, by: SegmentBy): Promise<readonly Segment[]> {
  const segments = new Map<string, OpenSegment>();
  for (const add of standard.snapshot.files.values()) {
    addRows(await readTrainRows(standard, add), by, segments);
  }
  return [...segments].map(([value, { units, failures, trains }]) => ({
    ...{ value, units, failures },
    traffic: jointFigures(trains),
  }));
}

function addRows(rows: TrainRows, by: SegmentBy, segments: Map<string, OpenSegment>): void {
  const segmentAt = segmentsOf(rows, by, segments);
  for (let row = 0; row < rows.rows; row++) segmentAt(row).units.row++;
  rows.eachTrain((from) => segmentAt(from).units.train++);
  eachTrainRun(
    rows,
    (train) => addTrain(segmentAt(by === "station" ? train.to - 1 : train.from).trains, train),
  );
  rows.stops().forEach((flag, row) => segmentAt(row).units.stop += flag);
  for (const { id, count, grain } of RULES) {
    if (count.from !== "rows" || !isTold(grain, by)) continue;
    for (const { failures } of segments.values()) failures[id] ??= 0;
    count.breaks(rows).forEach((flag, row) => {
      if (flag === 1) segmentAt(row).failures[id] = (segmentAt(row).failures[id] ?? 0) + 1;
    });
  }
}

/** A train has many stations. */
export function isTold(grain: Grain, by: SegmentBy): boolean {
  return by !== "station" || grain !== "train";
}

/** The segment of each row; those that are new are opened. */
function segmentsOf(
  rows: TrainRows,
  by: SegmentBy,
  segments: Map<string, OpenSegment>,
): (row: number) => OpenSegment {
  const open = (value: string): OpenSegment => {
    const known = segments.get(value) ?? { units: { row: 0, stop: 0, train: 0 }, failures: {}, trains: {} };
    segments.set(value, known);
    return known;
  };
  if (by === "departureDate") {
    const [day = NaN] = rows.number("departureDate");
    // A file has one date.
    const whole = open(Number.isNaN(day) ? "" : new Date(day * 86_400_000).toISOString().slice(0, 10));
    return () => whole;
  }
  const { codes, words } = rows.text(SEGMENT_COLUMNS[by]);
  const used = [...new Set(codes)].map((code) => [code, open(words[code] ?? "")] as const);
  const byCode = new Map(used);
  return (row) => byCode.get(codes[row] ?? -1) ?? open("");
}
