/** One rule over the rows of one data file; what it throws is counted, and stops nothing. */
import type { Counts } from "../tables/counts.ts";
import { countsUnder } from "../tables/counts.ts";
import { faultText } from "../printable.ts";
import type { MetadataLists } from "./metadata/metadata_lists.ts";
import type { RowsCount } from "./rules/rule.ts";
import type { TrainRows } from "../tables/rows/train_rows.ts";

/**
 * What a file's counts say of a rule: `anomaly.<name>`, `units.<name>` where the rule has units of its own, or
 * `error.<name>: <message>` when it threw. What is 0 is left out.
 */
export function countRule(
  { anomaly, breaks, units }: RowsCount,
  rows: TrainRows,
  lists: MetadataLists,
): readonly (readonly [name: string, count: number])[] {
  try {
    const found = [
      [`anomaly.${anomaly}`, sumFlags(breaks(rows, lists))],
      [`units.${anomaly}`, units === undefined ? 0 : sumFlags(units(rows, lists))],
    ] as const;
    return found.filter(([, count]) => count > 0);
  } catch (error) {
    return [[`${ERROR}${anomaly}: ${faultText(error)}`, 1]];
  }
}

const ERROR = "error.";

/** What a rule threw on some file; null when it threw on none. */
export function errorIn(counts: Counts, { anomaly }: Pick<RowsCount, "anomaly">): string | null {
  const [first] = Object.keys(countsUnder(counts, `${ERROR}${anomaly}: `));
  return first ?? null;
}

/** How many units are marked. */
export function sumFlags(flags: Uint8Array): number {
  let total = 0;
  for (let row = 0; row < flags.length; row++) total += flags[row] ?? 0;
  return total;
}
