/** The order in which every page shows rules: those that do not hold first, the worst share first. */
import type { Outcome, RuleResult } from "../quality/evaluate_run.ts";

/** Rules that came to the same. */
export interface RuleGroup {
  readonly outcome: Outcome;
  readonly heading: string;
  readonly rules: readonly RuleResult[];
}

const BROKEN: readonly (readonly [Outcome, heading: string])[] = [
  ["failed", "failed"],
  ["error", "could not be counted"],
  ["unknown", "not counted"],
  ["look", "worth a look"],
  ["note", "for information"],
];

/** The rules that do not hold; no group is empty. */
export function brokenGroups(rules: readonly RuleResult[]): readonly RuleGroup[] {
  return BROKEN.flatMap(([outcome, heading]) => {
    const group = rules.filter((rule) => rule.outcome === outcome).sort((a, b) => shareOf(b) - shareOf(a));
    return group.length === 0 ? [] : [{ outcome, heading, rules: group }];
  });
}

function shareOf({ failures, units }: RuleResult): number {
  return (failures ?? 0) / Math.max(units ?? 1, 1);
}

/** A share from 0 to 1 in percent: never 0 of something, nor 100 of less than all. */
export function shareText(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.01) return "<0.01%";
  if (percent > 99.9 && percent < 100) return ">99.9%";
  return `${percent >= 10 ? percent.toFixed(1) : percent.toFixed(2)}%`;
}
