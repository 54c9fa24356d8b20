/** What a rule came to, in words that several formats share. */
import { counted, grouped, printable } from "../printable.ts";
import type { RuleResult } from "../quality/evaluate_run.ts";
import type { Counts } from "../tables/counts.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { figuresText } from "./rule_groups.ts";
import { shortName } from "./short_name.ts";

/** More of them would hide the rest of the message. */
const NAMES = 3;

/** Failures over units; null where one of them is unknown. */
export function shareOf({ failures, units }: Pick<RuleResult, "failures" | "units">): number | null {
  return failures === null || units === null || units === 0 ? null : failures / units;
}

/** "4 of 1,239 messages (0.32 %): date_format (3), not_json (1)"; what comes from outside is printable. */
export function describeRule(rule: RuleResult, run: RunRecord): string {
  return describeFailures(rule) + namesOf(rule, run);
}

/** "4 of 1,239 messages (0.32 %)"; nothing of it comes from outside but the reason of a rule without a count. */
export function describeFailures(rule: RuleResult): string {
  const { failures, units, grain, outcome, observed, usual, figures, reason } = rule;
  if (reason !== undefined) return `${outcome === "error" ? "threw" : outcome}: ${printable(reason)}`;
  if (outcome === "learning") return "nothing to compare with yet";
  if (failures === null) return "not counted by this run";
  if (observed !== undefined && usual !== undefined) {
    return `found ${rounded(observed)}, usual are ${rounded(usual.lowest)} to ${rounded(usual.highest)}`;
  }
  if (grain === "run") return failures === 0 ? "holds" : "does not hold";
  const share = shareOf(rule);
  const more = figuresText(figures);
  const text = units === null || share === null
    ? counted(failures, grain)
    : `${grouped(failures)} of ${counted(units, grain)}${failures === 0 ? "" : ` (${percent(share)})`}`;
  return more === "" ? text : `${text}; ${more}`;
}

/** What a reader asks next: the reasons of rejections, the fields that are new. */
function namesOf({ id, failures, drift }: RuleResult, run: RunRecord): string {
  const causes: Readonly<Record<string, Counts>> = {
    S1: run.quarantineReasons,
    S2: drift ?? run.schemaDrift,
  };
  const sorted = Object.entries(causes[id] ?? {}).sort(([, a], [, b]) => b - a);
  if (failures === 0 || sorted.length === 0) return "";
  const named = sorted.slice(0, NAMES).map(([name, count]) => `${shortName(name)} (${grouped(count)})`);
  const more = sorted.length - named.length;
  return `: ${named.join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}`;
}

/** Never 0 % of something, nor 100 % of less than all. */
function percent(share: number): string {
  const hundredths = 100 * share;
  if (hundredths < 0.01) return "under 0.01 %";
  if (hundredths > 99.9 && share < 1) return "over 99.9 %";
  return `${hundredths.toFixed(hundredths < 1 ? 2 : 1)} %`;
}

function rounded(value: number): string {
  const [whole = "", decimal] = value.toFixed(1).split(".");
  return grouped(Number(whole)) + (decimal === "0" ? "" : `.${decimal}`);
}
