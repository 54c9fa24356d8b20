/** Counts the rules on rows apart for each operator, category, station, date or line. */
import type { DeltaTable } from "../delta/mod.ts";
import { faultText } from "../printable.ts";
import { readTrainRows } from "./read_train_rows.ts";
import type { RuleCounter } from "./row_counter.ts";
import type { Grain, RowsCount, Rule } from "./rules/rule.ts";
import { addTrain, eachTrainRun } from "./traffic/count_traffic.ts";
import { jointFigures, type TrainFigures } from "./traffic/traffic_figures.ts";
import type { Texts, TrainRows } from "../tables/rows/train_rows.ts";

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
  /** Units of rules that have their own, by the ids of the rules. */
  readonly ruleUnits: Readonly<Record<string, number>>;
  /** By the ids of the rules, those that hold included; those on trains are not told apart by station. */
  readonly failures: Readonly<Record<string, number>>;
  /** What became of its trains; by station, of those that end there. */
  readonly traffic: TrainFigures;
}

/** All segments, and the rules that could not be counted in them. */
export interface Segmentation {
  readonly segments: readonly Segment[];
  /** Why, by the ids of the rules. */
  readonly uncounted: Readonly<Record<string, string>>;
}

/** What is counted, by what. */
export interface SegmentOptions {
  readonly by: SegmentBy;
  /** Those that are not on rows are passed over. */
  readonly rules: readonly Rule[];
  readonly counter: Pick<RuleCounter, "lists" | "skipped">;
  /** Columns that suffice for these rules; all when absent. */
  readonly columns?: readonly string[] | undefined;
}

interface OpenSegment {
  readonly units: Record<"row" | "stop" | "train", number>;
  readonly ruleUnits: Record<string, number>;
  readonly failures: Record<string, number>;
  /** As a run stores it. */
  readonly trains: Record<string, number>;
}

interface RowsRule extends Pick<Rule, "id" | "grain"> {
  readonly count: RowsCount;
}

/** Reads the whole table, a file at a time, and counts each rule by the values of the column. */
export async function countSegments(
  standard: DeltaTable,
  { by, rules, counter, columns }: SegmentOptions,
): Promise<Segmentation> {
  const segments = new SegmentCounter([by], rules, counter);
  const told = [...new Set([SEGMENT_COLUMNS[by], "trainNumber", "rowNumber", ...columns ?? []])];
  for (const add of standard.snapshot.files.values()) {
    segments.add(await readTrainRows(standard, add, columns === undefined ? {} : { columns: told }));
  }
  return segments.by(by);
}

/** Counts rows of one departure date after the other, apart by one or more columns. */
export class SegmentCounter {
  readonly #segments: ReadonlyMap<SegmentBy, Map<string, OpenSegment>>;
  readonly #rules: readonly RowsRule[];
  readonly #lists: SegmentOptions["counter"]["lists"];
  readonly #uncounted: Map<string, string>;

  constructor(
    bys: readonly SegmentBy[],
    rules: readonly Rule[],
    { lists, skipped }: SegmentOptions["counter"],
  ) {
    this.#segments = new Map(bys.map((by) => [by, new Map()]));
    this.#rules = rules.flatMap(({ id, grain, count }) =>
      count.from === "rows" && bys.some((by) => isTold(grain, by)) ? [{ id, grain, count }] : []
    );
    this.#lists = lists;
    this.#uncounted = new Map(skipped);
  }

  /** Each rule looks at the rows once, however many columns tell them apart. */
  add(rows: TrainRows): void {
    const rules = this.#rules.flatMap((rule) => this.#uncounted.has(rule.id) ? [] : this.#flag(rule, rows));
    for (const [by, segments] of this.#segments) addRows(rows, { by, segments, rules });
  }

  /** What was counted so far. */
  by(by: SegmentBy): Segmentation {
    const open = this.#segments.get(by) ?? new Map<string, OpenSegment>();
    const asked = this.#rules.filter(({ grain }) => isTold(grain, by)).map(({ id }) => id);
    return {
      segments: [...open].map(([value, counts]) => withoutRules(value, counts, this.#uncounted)),
      uncounted: Object.fromEntries([...this.#uncounted].filter(([id]) => asked.includes(id))),
    };
  }

  /** A rule that throws is counted in no segment. */
  #flag({ id, grain, count }: RowsRule, rows: TrainRows): readonly FlaggedRule[] {
    try {
      const units = count.units === undefined ? null : count.units(rows, this.#lists);
      return [{ id, grain, flags: count.breaks(rows, this.#lists), units }];
    } catch (error) {
      this.#uncounted.set(id, faultText(error));
      return [];
    }
  }
}

/** What a rule says of each row. */
interface FlaggedRule extends Pick<Rule, "id" | "grain"> {
  readonly flags: Uint8Array;
  /** Of a rule that has its own. */
  readonly units: Uint8Array | null;
}

interface FlaggedRows {
  readonly by: SegmentBy;
  readonly segments: Map<string, OpenSegment>;
  readonly rules: readonly FlaggedRule[];
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
      counts[code] = (counts[code] ?? 0) + (flags === null ? 1 : flags[row] ?? 0);
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
  for (const { id, flags, units } of rules.filter(({ grain }) => isTold(grain, by))) {
    for (const segment of segments.values()) {
      segment.failures[id] ??= 0;
      if (units !== null) segment.ruleUnits[id] ??= 0;
    }
    eachValue(flags, ({ failures }, count) => failures[id] = (failures[id] ?? 0) + count);
    if (units !== null) {
      eachValue(units, ({ ruleUnits }, count) => ruleUnits[id] = (ruleUnits[id] ?? 0) + count);
    }
  }
}

/** What was counted before a rule threw says nothing. */
function withoutRules(
  value: string,
  { units, ruleUnits, failures, trains }: OpenSegment,
  uncounted: ReadonlyMap<string, string>,
): Segment {
  const kept = (counts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(counts).filter(([id]) => !uncounted.has(id)));
  const traffic = jointFigures(trains);
  return { value, units, ruleUnits: kept(ruleUnits), failures: kept(failures), traffic };
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
    segment = { units: { row: 0, stop: 0, train: 0 }, ruleUnits: {}, failures: {}, trains: {} };
    segments.set(value, segment);
  }
  return segment;
}
