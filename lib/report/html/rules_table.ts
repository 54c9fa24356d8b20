/** The rules: those that do not hold first, each with its share, its last runs and what it is for. */
import type { RuleResult } from "../../quality/evaluate_run.ts";
import type { Rule } from "../../quality/rules/rule.ts";
import { counted, grouped } from "../../printable.ts";
import type { PastRun, Report } from "../build_report.ts";
import { brokenGroups, type RuleGroup, shareText } from "../rule_groups.ts";
import { columnSpark, shareBar } from "../../charts/bar.ts";
import { type Content, type Markup, markup } from "../../charts/markup.ts";
import type { Section } from "../../charts/page_frame.ts";
import { resultIn, shownRuns } from "./shown_runs.ts";
import { foreign, spoken } from "../../charts/marks.ts";
import { commandMark, type CompleteCommand, outcomeMark } from "./words.ts";

/** What the page takes from a rule beside its result. */
export type RuleText = Pick<Rule, "id" | "why">;

/** What rows say beside the results. */
interface RuleTexts {
  readonly texts: readonly RuleText[];
  readonly complete: CompleteCommand;
}

const SPARK_RUNS = 20;
const SEVERITIES = {
  E: "E: a failure fails the report",
  W: "W: worth a look, fails nothing",
  I: "I: for information, has no weight in the scores",
} as const;

/** The part of the page. */
export function rulesSection(
  report: Report,
  { texts, complete }: RuleTexts,
): Section {
  const { rules } = report.verdict;
  const rows = new RuleRows(shownRuns(report, SPARK_RUNS), { texts, complete });
  const holding = rules.filter(({ outcome }) => outcome === "passed");
  const learning = rules.filter(({ outcome }) => outcome === "learning");
  const skipped = rules.filter(({ outcome }) => outcome === "skipped");
  return {
    id: "rules",
    heading: "Rules",
    body: markup`${rows.table("Rules that do not hold, the worst share first", brokenGroups(rules))}
${rows.folded(`${counted(holding.length, "rule")} that ${holding.length === 1 ? "holds" : "hold"}`, holding)}
${
      rows.folded(
        `${counted(learning.length, "rule")} still learning: seven runs with new messages make a habit`,
        learning,
      )
    }
${rows.folded(`${counted(skipped.length, "rule")} skipped for lack of what they need`, skipped)}`,
  };
}

/** Writes rows with what all of them need. */
class RuleRows {
  readonly #runs: readonly PastRun[];
  readonly #whys: ReadonlyMap<string, string>;
  readonly #complete: CompleteCommand;

  constructor(runs: readonly PastRun[], { texts, complete }: RuleTexts) {
    this.#runs = runs;
    this.#complete = complete;
    this.#whys = new Map(texts.map(({ id, why }) => [id, why]));
  }

  table(caption: string, groups: readonly RuleGroup[]): Content {
    if (groups.length === 0) return markup`<p>Every rule holds.</p>`;
    return markup`<table>
<caption>${caption}; a rule opens to what it is for</caption>
<thead><tr><th scope="col" class="id">id</th><th scope="col">rule</th><th scope="col" class="n bars">failures</th><th scope="col" class="wide">last runs</th></tr></thead>
${groups.map((group) => this.#group(group))}
</table>`;
  }

  /** Rules that nobody has to look at, behind one line. */
  folded(summary: string, rules: readonly RuleResult[]): Content {
    if (rules.length === 0) return null;
    return markup`<details class="all"><summary>${summary}</summary><table>
<caption>${summary}</caption>
<thead><tr><th scope="col" class="id">id</th><th scope="col">rule</th><th scope="col" class="n">looked at</th></tr></thead>
<tbody>${rules.map((rule) => this.#short(rule))}</tbody>
</table></details>`;
  }

  #group({ heading, rules }: RuleGroup): Markup {
    return markup`<tbody>
<tr class="group"><th scope="rowgroup" colspan="4">${heading}</th></tr>${rules.map((rule) => this.#row(rule))}
</tbody>`;
  }

  #row(rule: RuleResult): Markup {
    const { id, title, outcome, failures, units } = rule;
    const past = this.#runs.map(({ verdict }) => measureOf(resultIn(verdict, id)));
    const share = failures === null || units === null || units === 0 ? null : failures / units;
    return markup`
<tr><th scope="row" class="id">${outcomeMark(outcome)}${id}</th><td><details><summary>${title}</summary>${
      this.#detail(rule, past)
    }</details></td><td class="n">${failures === null ? "not counted" : grouped(failures)}${
      share === null
        ? null
        : markup` <span class="soft">${shareText(share)}</span>${shareBar(share, outcome)}`
    }</td><td class="wide">${past.length < 2 ? null : columnSpark(past)}${
      past.length < 2 ? null : spoken(past.map(figure).join(", "))
    }</td></tr>`;
  }

  #detail(rule: RuleResult, past: readonly (number | null)[]): Markup {
    const { id, dimension, severity, grain, units } = rule;
    const of = units === null ? `counts ${grain}s` : `of ${counted(units, grain)}`;
    const trend = past.length < 2
      ? null
      : markup`<p class="soft">Last runs: ${past.map(figure).join(", ")}</p>`;
    return markup`${reasonOf(rule, this.#complete)}<p>${
      this.#whys.get(id) ?? null
    }</p><p class="soft">${dimension}, ${of}. ${SEVERITIES[severity]}.</p>${
      habit(rule)
    }${trend}<p class="soft">${commandMark(`deno task report --explain ${id}`, this.#complete)}</p>`;
  }

  #short(rule: RuleResult): Markup {
    const { id, title, outcome, grain, units } = rule;
    return markup`
<tr><th scope="row" class="id">${outcomeMark(outcome)}${id}</th><td>${title}<br><span class="soft">${
      this.#whys.get(id) ?? null
    }</span>${reasonOf(rule, this.#complete)}</td><td class="n">${
      units === null ? null : counted(units, grain)
    }</td></tr>`;
  }
}

/** Why there is no count. */
function reasonOf({ reason }: RuleResult, complete: CompleteCommand): Markup | null {
  return reason === undefined ? null : markup`<p><strong>${foreign(complete(reason))}</strong></p>`;
}

function habit({ observed, usual }: RuleResult): Markup | null {
  if (observed === undefined || usual === undefined) return null;
  return markup`<p>Found ${figure(observed)}; usual is ${figure(usual.median)} (${figure(usual.lowest)} to ${
    figure(usual.highest)
  }).</p>`;
}

/** What a rule that compares has found says more than that it was unusual. */
function measureOf(result: RuleResult | null): number | null {
  return result?.observed ?? result?.failures ?? null;
}

function figure(value: number | null): string {
  if (value === null) return "?";
  return Math.abs(value) >= 1000 ? grouped(Math.round(value)) : String(Math.round(10 * value) / 10);
}
