/** What every page says of rules alike: their order, those that do not hold first and the worst share before others, shares and figures. */
import { grouped } from "../printable.ts";
import type { Outcome, RuleResult } from "../quality/evaluate_run.ts";
import type { Figure } from "../quality/rules/rule.ts";

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

/** "p50 39 s, p95 2.4 min", without figures that nothing was found for; "" when there are none. */
export function figuresText(figures: readonly Figure[] = []): string {
  return figures.flatMap(({ name, unit, value }) =>
    value === null ? [] : [`${name} ${valueText(value, unit)}`]
  )
    .join(", ");
}

/** "39 s", "2.4 min", "96.2 %". */
export function valueText(value: number, unit: Figure["unit"]): string {
  if (unit === "") return grouped(value);
  if (unit === "%") return `${value.toFixed(1)} %`;
  if (value < 1) return `${Math.round(1000 * value)} ms`;
  if (value < 120) return `${short(value)} s`;
  return value < 7200 ? `${short(value / 60)} min` : `${short(value / 3600)} h`;
}

/** Two digits and no more: they come from bins. */
function short(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
