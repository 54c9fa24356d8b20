/**
 * What the rules on rows came to in the newest departure dates. A data file lies in one date and carries the counts of
 * its rows, so that these figures are read from the log: no row is looked at for them.
 */
import { STANDARD_PARTITION } from "../../tables/standard_schema.ts";
import type { DeltaTable } from "../../delta/mod.ts";
import { countsOf } from "../../tables/count_tags.ts";
import type { Counts } from "../../tables/counts.ts";
import { addCounts } from "../../tables/measures.ts";
import type { RuleResult } from "../evaluate_run.ts";
import { RULES } from "../rules.ts";
import type { RowsCount } from "../rules/rule.ts";
import type { CounterSource } from "../standard_counter.ts";
import type { EvaluatedRun } from "./past_runs.ts";
import { openJudged } from "./sample_run.ts";

/** A lake may hold years, and each run would tell of all of them again. */
const MOST_DATES = 7;
/** The units of a file, by what a rule counts in. */
const UNITS: Readonly<Record<string, string>> = { row: "rows", stop: "stops", train: "trains" };

/** A rule in the rows of one departure date. */
export interface SegmentCounts {
  /** `departureDate=2025-02-17`. */
  readonly segment: string;
  readonly failures: number;
  readonly units: number | null;
}

/** The table that was measured, and what has counted it. */
interface SegmentSource {
  readonly standard: DeltaTable;
  readonly counter: CounterSource;
}

/**
 * Failures and units of each broken rule on rows in each of the seven newest departure dates, by the ids of the rules.
 * A date with a file whose counts are not of these rules is left out, and so are all when the version is gone.
 */
export async function segmentRun(
  { standard, counter }: SegmentSource,
  { run, verdict }: EvaluatedRun,
): Promise<ReadonlyMap<string, readonly SegmentCounts[]>> {
  const broken = verdict.rules.flatMap((rule) => {
    const count = RULES.find(({ id }) => id === rule.id)?.count;
    return count?.from === "rows" && (rule.failures ?? 0) > 0 ? [{ rule, count }] : [];
  });
  const judged = broken.length === 0 ? null : await openJudged(standard, run.tableVersions?.standard);
  if (judged === null) return new Map();
  const dates = countDates(judged, await counter());
  return new Map(broken.map(({ rule, count }) => [
    rule.id,
    [...dates].map(([date, counts]) => ({
      segment: `${STANDARD_PARTITION}=${date}`,
      ...ofRule(rule, count, counts),
    })),
  ]));
}

/** The counts of the newest dates, the oldest of them first. */
function countDates(
  { snapshot }: DeltaTable,
  counter: Parameters<typeof countsOf>[1],
): ReadonlyMap<string, Counts> {
  const files = Map.groupBy(snapshot.files.values(), (add) => add.partitionValues[STANDARD_PARTITION] ?? "");
  const newest = [...files].filter(([date]) => date !== "").sort(([a], [b]) => a < b ? -1 : 1).slice(
    -MOST_DATES,
  );
  return new Map(newest.flatMap(([date, adds]) => {
    const counts = adds.map((add) => countsOf(add, counter));
    const known = counts.filter((each) => each !== null);
    return known.length < counts.length ? [] : [[date, known.reduce(addCounts)] as const];
  }));
}

function ofRule(
  { grain }: RuleResult,
  { anomaly, units }: RowsCount,
  counts: Counts,
): Pick<SegmentCounts, "failures" | "units"> {
  const unit = units === undefined ? UNITS[grain] : `units.${anomaly}`;
  return {
    failures: counts[`anomaly.${anomaly}`] ?? 0,
    units: unit === undefined ? null : counts[unit] ?? 0,
  };
}
