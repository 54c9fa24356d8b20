/** The rules of the page: those that do not hold first, worst share first, with how it was in the runs before. */
import type { Outcome, RuleResult } from "../quality/evaluate_run.ts";
import { grouped, printable } from "../printable.ts";
import { sparkline } from "./bars.ts";
import type { PastRun, Report } from "./build_report.ts";
import { brokenGroups, figuresText, shareText } from "./rule_groups.ts";
import type { TextPage } from "./text_page.ts";

const RUNS_SHOWN = 8;
const LINE = { id: 4, severity: 1, title: 47, failures: -9, share: -6 };

const COLOURS: Readonly<Partial<Record<Outcome, "red" | "yellow" | "cyan">>> = {
  look: "yellow",
  note: "cyan",
};

/** One line per rule that does not hold; those that hold share one. */
export function ruleLines({ verdict: { rules }, run, history, policy }: Report, page: TextPage): string {
  const comparable = history.filter((past) => past.run.ruleSet === run.ruleSet).slice(1 - RUNS_SHOWN);
  const lines = brokenGroups(rules).flatMap(({ outcome, heading, rules }) => [
    page.paint(COLOURS[outcome] ?? "red", heading),
    ...rules.flatMap((rule) => [ruleLine(rule, comparable, page), ...reasonLines(rule, page)]),
  ]);
  const head = page.columns([
    ["", LINE.id + LINE.severity + 1 + LINE.title],
    ["failures", LINE.failures - 1],
    ["share", LINE.share],
  ]);
  return page.section("Rules", [
    ...policyLines(policy, page),
    ...(lines.length === 0 ? [] : [page.paint("dim", head), ...lines]),
    ...listed("hold", rules.filter(({ outcome }) => outcome === "passed"), page),
    ...figureLines(rules, page),
    ...listed("still learning", rules.filter(({ outcome }) => outcome === "learning"), page),
    ...skippedLines(rules, page),
  ]);
}

/** Of those for information, which are there for their figures; as many figures as a line takes. */
function figureLines(rules: readonly RuleResult[], page: TextPage): readonly string[] {
  return rules.flatMap(({ id, severity, figures = [] }) => {
    let shown = figures.filter(({ value }) => value !== null);
    while (id.length + 1 + figuresText(shown).length > 79) shown = shown.slice(0, -1);
    return severity !== "I" || shown.length === 0 ? [] : [page.paint("dim", `${id} ${figuresText(shown)}`)];
  });
}

function policyLines(policy: Report["policy"], page: TextPage): readonly string[] {
  if (policy === null || policy.rules.length === 0) return [];
  const limits = `limits of quality.yaml for ${policy.rules.join(", ")}`;
  return [page.paint("dim", limits), ...policy.notes.map((note) => page.paint("yellow", printable(note)))];
}

function ruleLine(rule: RuleResult, history: readonly PastRun[], page: TextPage): string {
  const { id, severity, title, failures, units } = rule;
  const past = history.map(({ verdict }) => failuresOf(verdict.rules, id));
  const trend = past.length === 0 ? "" : sparkline([...past, failures], page.bars);
  const share = failures === null || units === null || units === 0 ? "" : shareText(failures / units);
  return page.columns([
    [id, LINE.id],
    [severity, LINE.severity],
    [title, LINE.title],
    [failures === null ? "?" : grouped(failures), LINE.failures],
    [share, LINE.share],
    [trend, 0],
  ]);
}

/** "3 hold: C1 C4 C5", on as many lines as it takes. */
function listed(what: string, rules: readonly RuleResult[], page: TextPage): readonly string[] {
  const lines: string[] = [];
  if (rules.length === 0) return lines;
  for (const word of [`${rules.length} ${what}:`, ...rules.map(({ id }) => id)]) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= 79) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => page.paint(what === "hold" ? "green" : "dim", line));
}

/** What a rule threw. */
function reasonLines({ id, reason }: RuleResult, page: TextPage): readonly string[] {
  return reason === undefined ? [] : [page.paint("dim", `${id} threw: ${printable(reason)}`)];
}

/** Rules that lacked the same have one reason. */
function skippedLines(rules: readonly RuleResult[], page: TextPage): readonly string[] {
  const skipped = rules.filter(({ outcome }) => outcome === "skipped");
  return [...Map.groupBy(skipped, ({ reason = "" }) => reason)].flatMap(([reason, group]) => [
    ...listed("skipped", group, page),
    page.paint("dim", `because ${printable(reason)}`),
  ]);
}

function failuresOf(rules: readonly RuleResult[], id: string): number | null {
  return rules.find((rule) => rule.id === id)?.failures ?? null;
}
