/** Counts the rules on rows apart for each operator, category, station, date or line. */
import type { DeltaTable } from "../delta/mod.ts";
import { readTrainRows } from "./read_train_rows.ts";
import { RULES } from "./rules.ts";
import type { Grain, Rule } from "./rules/rule.ts";
import { addTrain, eachTrainRun } from "./traffic/count_traffic.ts";
import { jointFigures, type TrainFigures } from "./traffic/traffic_figures.ts";
import type { Texts, TrainRows } from "./train_rows.ts";

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
  const counter = new SegmentCounter([by], RULES);
  for (const add of standard.snapshot.files.values()) counter.add(await readTrainRows(standard, add));
  return counter.segments(by);
}

/** Counts rows of one departure date after the other, apart by one or more columns; of the rules those on rows. */
export class SegmentCounter {
  readonly #segments: ReadonlyMap<SegmentBy, Map<string, OpenSegment>>;
  readonly #rules: readonly Rule[];

  constructor(bys: readonly SegmentBy[], rules: readonly Rule[]) {
    this.#segments = new Map(bys.map((by) => [by, new Map()]));
    this.#rules = rules;
  }

  /** Each rule looks at the rows once, however many columns tell them apart. */
  add(rows: TrainRows): void {
    const flags = this.#rules.flatMap(({ id, grain, count }) =>
      count.from === "rows" ? [{ id, grain, flags: count.breaks(rows) }] : []
    );
    for (const [by, segments] of this.#segments) addRows(rows, { by, segments, rules: flags });
  }

  /** What was counted so far. */
  segments(by: SegmentBy): readonly Segment[] {
    return [...this.#segments.get(by) ?? []].map(([value, { units, failures, trains }]) => ({
      ...{ value, units, failures },
      traffic: jointFigures(trains),
    }));
  }
}

interface FlaggedRows {
  readonly by: SegmentBy;
  readonly segments: Map<string, OpenSegment>;
  readonly rules: readonly {
    readonly id: string;
    readonly grain: Grain;
    readonly flags: Uint8Array;
  }[];
}

function addRows(rows: TrainRows, { by, segments, rules }: FlaggedRows): void {
  const { codes, words } = valuesOf(rows, by);
  const values = ["", ...words];
  // Counted by number first: a look-up by text for each row would take ten times as long.
  const eachValue = (flags: Uint8Array | null, visit: (segment: OpenSegment, count: number) => void) => {
    const counts = new Uint32Array(values.length);
    for (let row = 0; row < codes.length; row++) {
      // A row without a value has the code -1.
      const code = (codes[row] ?? -1) + 1;
      if (flags === null || flags[row] === 1) counts[code] = (counts[code] ?? 0) + 1;
    }
    counts.forEach((count, code) => {
      if (count > 0) visit(openSegment(segments, values[code] ?? ""), count);
    });
  };
  eachValue(null, ({ units }, count) => units.row += count);
  eachValue(rows.whereTrain(() => true), ({ units }, count) => units.train += count);
  eachValue(rows.stops(), ({ units }, count) => units.stop += count);
  eachTrainRun(rows, (train) => {
    const row = by === "station" ? train.to - 1 : train.from;
    addTrain(openSegment(segments, values[(codes[row] ?? -1) + 1] ?? "").trains, train);
  });
  for (const { id, grain, flags } of rules) {
    if (!isTold(grain, by)) continue;
    for (const { failures } of segments.values()) failures[id] ??= 0;
    eachValue(flags, ({ failures }, count) => failures[id] = (failures[id] ?? 0) + count);
  }
}

/** A train has many stations. */
export function isTold(grain: Grain, by: SegmentBy): boolean {
  return by !== "station" || grain !== "train";
}

/** The values that tell rows apart, and which of them each row has. A file has one date. */
function valuesOf(rows: TrainRows, by: SegmentBy): Texts {
  if (by !== "departureDate") return rows.text(SEGMENT_COLUMNS[by]);
  const [day = NaN] = rows.number("departureDate");
  const words = Number.isNaN(day) ? [] : [new Date(day * 86_400_000).toISOString().slice(0, 10)];
  return { words, codes: new Int32Array(rows.rows).fill(words.length - 1) };
}

function openSegment(segments: Map<string, OpenSegment>, value: string): OpenSegment {
  let segment = segments.get(value);
  if (segment === undefined) {
    segment = { units: { row: 0, stop: 0, train: 0 }, failures: {}, trains: {} };
    segments.set(value, segment);
  }
  return segment;
}
