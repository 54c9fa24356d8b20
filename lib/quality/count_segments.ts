/** Counts the rules on rows apart for each operator, category, station, date or line. */
import type { DeltaTable } from "../delta/mod.ts";
import { sumFlags } from "./count_rule.ts";
import { faultText } from "../printable.ts";
import { readTrainRows } from "./read_train_rows.ts";
import type { RuleCounter } from "./row_counter.ts";
import type { Grain, RowsCount, Rule } from "./rules/rule.ts";
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
  /** Units of rules that have their own, by the ids of the rules. */
  readonly ruleUnits: Readonly<Record<string, number>>;
  /** By the ids of the rules, those that hold included; those on trains are not told apart by station. */
  readonly failures: Readonly<Record<string, number>>;
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
}

interface RowsRule extends Pick<Rule, "id" | "grain"> {
  readonly count: RowsCount;
}

/** Reads the whole table, a file at a time, and counts each rule by the values of the column. */
export async function countSegments(
  standard: DeltaTable,
  { by, rules, counter, columns }: SegmentOptions,
): Promise<Segmentation> {
  const segments = new Map<string, OpenSegment>();
  const uncounted = new Map(counter.skipped);
  const onRows = rules.flatMap(({ id, grain, count }) =>
    count.from === "rows" && isTold(grain, by) ? [{ id, grain, count }] : []
  );
  const told = [...new Set([SEGMENT_COLUMNS[by], "trainNumber", "rowNumber", ...columns ?? []])];
  for (const add of standard.snapshot.files.values()) {
    const rows = await readTrainRows(standard, add, columns === undefined ? {} : { columns: told });
    addUnits(rows, by, segments);
    for (const rule of onRows) {
      if (!uncounted.has(rule.id)) addRule(rule, { rows, by, segments, counter, uncounted });
    }
  }
  const asked = [...uncounted].filter(([id]) => onRows.some((rule) => rule.id === id));
  return {
    segments: [...segments].map(([value, counts]) => withoutRules(value, counts, uncounted)),
    uncounted: Object.fromEntries(asked),
  };
}

function addUnits(rows: TrainRows, by: SegmentBy, segments: Map<string, OpenSegment>): void {
  const segmentAt = segmentsOf(rows, by, segments);
  for (let row = 0; row < rows.rows; row++) segmentAt(row).units.row++;
  rows.eachTrain((from) => segmentAt(from).units.train++);
  rows.stops().forEach((flag, row) => segmentAt(row).units.stop += flag);
}

interface OneFile extends Pick<SegmentOptions, "by" | "counter"> {
  readonly rows: TrainRows;
  readonly segments: Map<string, OpenSegment>;
  readonly uncounted: Map<string, string>;
}

/** A rule that throws is counted in no segment. */
function addRule({ id, count }: RowsRule, { rows, by, segments, counter, uncounted }: OneFile): void {
  const segmentAt = segmentsOf(rows, by, segments);
  const add = (name: "failures" | "ruleUnits", flags: Uint8Array) => {
    for (const segment of segments.values()) segment[name][id] ??= 0;
    if (sumFlags(flags) === 0) return;
    flags.forEach((flag, row) => {
      if (flag !== 0) segmentAt(row)[name][id] = (segmentAt(row)[name][id] ?? 0) + flag;
    });
  };
  try {
    add("failures", count.breaks(rows, counter.lists));
    if (count.units !== undefined) add("ruleUnits", count.units(rows, counter.lists));
  } catch (error) {
    uncounted.set(id, faultText(error));
  }
}

/** What was counted before a rule threw says nothing. */
function withoutRules(
  value: string,
  { units, ruleUnits, failures }: OpenSegment,
  uncounted: ReadonlyMap<string, string>,
): Segment {
  const kept = (counts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(counts).filter(([id]) => !uncounted.has(id)));
  return { value, units, ruleUnits: kept(ruleUnits), failures: kept(failures) };
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
    const known = segments.get(value) ?? {
      units: { row: 0, stop: 0, train: 0 },
      ruleUnits: {},
      failures: {},
    };
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
