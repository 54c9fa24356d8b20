/** The report as annotations of a GitHub Actions run. */
import { counted, grouped, printable } from "../printable.ts";
import type { Equation } from "../quality/account.ts";
import type { Outcome, RuleResult } from "../quality/evaluate_run.ts";
import type { KindFigures } from "../quality/traffic/traffic_figures.ts";
import type { Report } from "./build_report.ts";
import { describeRule, shareOf } from "./describe_rule.ts";
import { onTimeText } from "./traffic/delay_text.ts";
import { delayText } from "../text/delay_text.ts";

type Level = "error" | "warning" | "notice";

/** One workflow command, before it is escaped. */
interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
}

/** What needs no annotation of its own. */
const QUIET: readonly Outcome[] = ["passed", "learning", "skipped"];

/** GitHub shows no more of one level and step. */
const MOST_OF_LEVEL = 10;

/** Workflow commands and nothing else: the verdict, then what is wrong, the worst first; how the trains ran. */
export function renderGithub(report: Report): string {
  const { verdict, run } = report;
  const broken = verdict.rules.filter(({ outcome }) => !QUIET.includes(outcome))
    .toSorted((a, b) => (shareOf(b) ?? 0) - (shareOf(a) ?? 0));
  const all = [
    headline(report),
    ...verdict.equations.filter(({ holds }) => !holds).map(ofEquation),
    ...broken.map((rule): Annotation => ({
      level: levelOf(rule),
      title: `${rule.id} ${rule.title}`,
      message: describeRule(rule, run),
    })),
    ...skipped(report),
    ...traffic(report),
  ];
  const levels: readonly Level[] = ["error", "warning", "notice"];
  const shown = levels.flatMap((level) => atMost(all.filter((each) => each.level === level)));
  return shown.map(commandOf).join("\n");
}

function headline({ run, verdict }: Report): Annotation {
  const count = (outcome: Outcome) => verdict.rules.filter((rule) => rule.outcome === outcome).length;
  const threw = count("error") === 0 ? "" : `, ${count("error")} threw`;
  const learning = count("learning") === 0 ? "" : `, ${count("learning")} still learning`;
  return {
    level: verdict.passed ? "notice" : "error",
    title: `Quality report of ${run.topic}: ${verdict.passed ? "passed" : "failed"}`,
    message:
      `${counted(run.account.standardRows, "timetable row")}, run of ${run.generatedAt.toISOString()}\n` +
      `${counted(count("passed"), "rule")} passed, ${count("failed")} failed, ${
        count("look")
      } worth a look, ` +
      `${count("unknown")} not counted${threw}${learning}`,
  };
}

/** One for all of them: what is missing is mostly the same. */
function skipped({ verdict }: Report): readonly Annotation[] {
  const rules = verdict.rules.filter(({ outcome }) => outcome === "skipped");
  if (rules.length === 0) return [];
  const lines = rules.map(({ id, reason }) => `${id}: ${reason}`);
  return [{ level: "notice", title: `${counted(rules.length, "rule")} skipped`, message: lines.join("\n") }];
}

/** A line per kind of trains; nothing where none were counted. */
function traffic({ traffic: kinds }: Report): readonly Annotation[] {
  if (kinds === null || kinds.length === 0) return [];
  const arrived = kinds.reduce((sum, kind) => sum + kind.arrived, 0);
  const title = `Traffic, of ${counted(arrived, "train")} that ${arrived === 1 ? "has" : "have"} arrived`;
  return [{ level: "notice", title, message: kinds.map(trafficLine).join("\n") }];
}

function trafficLine(kind: KindFigures): string {
  const { name, arrived, medianSeconds, p90Seconds, cancelled, partlyCancelled } = kind;
  const delays = arrived === 0
    ? ""
    : `, ${onTimeText(kind)} on time, median ${delayText(medianSeconds)}, p90 ${delayText(p90Seconds)}`;
  return `${name}: ${grouped(arrived)} arrived${delays}, ${grouped(cancelled)} cancelled, ` +
    `${grouped(partlyCancelled)} in part`;
}

function ofEquation({ name, left, right }: Equation): Annotation {
  return {
    level: "error",
    title: "The accounting does not add up",
    message: `${name}: ${left} is not ${right}`,
  };
}

/** By the limit that is broken; of what has no count by the gravest that there is. */
function levelOf({ severity, outcome }: RuleResult): Level {
  const isUncounted = outcome === "unknown" || outcome === "error";
  if (outcome === "failed" || (severity === "E" && isUncounted)) return "error";
  return outcome === "look" || (severity === "W" && outcome === "error") ? "warning" : "notice";
}

/** What would not be shown is named in the last one that is. */
function atMost(annotations: readonly Annotation[]): readonly Annotation[] {
  const [first] = annotations;
  if (first === undefined || annotations.length <= MOST_OF_LEVEL) return annotations;
  const shown = annotations.slice(0, MOST_OF_LEVEL - 1);
  const rest = annotations.slice(MOST_OF_LEVEL - 1);
  return [...shown, {
    level: first.level,
    title: `and ${rest.length} more`,
    message: rest.map(({ title, message }) => `${title}: ${message}`).join("\n"),
  }];
}

/** As GitHub takes it apart again: a line feed ends a command, ":" and "," a property. */
function commandOf({ level, title, message }: Annotation): string {
  const property = escaped(printable(title)).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} title=${property}::${escaped(printable(message, { keepLines: true }))}`;
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
