/** Reports of any run, and names as an enemy would choose them. */
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { trafficFigures } from "../../lib/quality/traffic/traffic_figures.ts";
import type { Report } from "../../lib/report/build_report.ts";
import type { RunRecord } from "../../lib/tables/run_record.ts";
import { makeReport } from "./made_up_report.ts";

/** Names that break out of some format when they are not escaped there. */
export const HOSTILE_NAMES: readonly string[] = [
  "<script>alert(1)</script>",
  "</code></td></table></details><img src=x onerror=alert(1)>",
  '" onmouseover="alert(1)',
  "]]><failure/>",
  "<!-- --> <![CDATA[ &amp; &#65; &lt;",
  "::error::stopped",
  "a\n::error title=x::y\r\n::stop-commands::z",
  "%0A::warning::x,title=y",
  "##[error]old",
  "\u001b[31mred\u001b[0m\u009b2J",
  "\u202eright to left\u202c\u200f\u200e\u061c\u2067x\u2069",
  "a|b \\| c\\\\| d",
  "`code` ``two`` \\`",
  "**bold** _it_ ~~no~~ [link](http://example.com) ![i](x) <http://a.b>",
  "see http://example.com/x www.example.com a@example.com @somebody #12 :tada:",
  "\n\n# heading\n\n- list\n\n| a | b |\n| - | - |\n",
  "nul\0 and \u0008 \u007f \u0085 \u2028 \u2029 \ufeff",
  "\ufffe \uffff \ufdd0",
  "half \ud83d of \ude00 two",
  "=cmd|' /C calc'!A0",
  "$x$ $$y$$ {{z}} ${w} &copy; &#124;",
  "constructor",
  "1. one",
  "    indented",
  "<details>",
  `${"long ".repeat(100)}|`,
  "😈".repeat(200),
];

/** A report with random counts; some rules are not counted, and names are hostile. */
export function randomReport(random: () => number): Report {
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const maybe = <T>(value: T) => random() < 0.5 ? value : null;
  const pick = () => HOSTILE_NAMES[upTo(HOSTILE_NAMES.length - 1)] ?? "";
  const counts = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, upTo(5)]));
  const some = () => counts(Array.from({ length: upTo(6) }, pick));
  const anomalies = RULES.flatMap(({ count }) => count.from === "rows" ? [count.anomaly] : []);
  const account = Object.fromEntries(Object.keys(makeReport().run.account).map((name) => [name, upTo(9)]));
  const run: RunRecord = {
    ...makeReport({}, account).run,
    runId: pick(),
    topic: pick(),
    ruleSet: maybe(pick()),
    anomalies: { ...counts(anomalies.filter(() => random() < 0.8)), ...some() },
    schemaDrift: some(),
    quarantineReasons: some(),
    conflict: upTo(1),
    duplicateRecords: upTo(1),
    newestMessageTime: maybe(new Date(upTo(4e12))),
    traffic: maybe({
      ...counts(["freight.onTime", "longDistance.delay.0", "commuter.delay.-30", "commuter.cancelled"]),
      ...Object.fromEntries(Object.entries(some()).map(([name, count]) => [`commuter.cause.${name}`, count])),
    }),
    uncounted: Object.fromEntries(
      RULES.filter(() => random() < 0.1).map(({ id }) => [
        id,
        { outcome: random() < 0.5 ? "error" : "skipped", reason: pick() } as const,
      ]),
    ),
    trainsByCategory: maybe(some()),
    units: maybe({ trains: upTo(9), stops: upTo(9) }),
  };
  return {
    ...makeReport(),
    run,
    verdict: evaluateRun(run),
    traffic: run.traffic && trafficFigures(run.traffic),
    since: { ingested: upTo(3), unmerged: upTo(3), waiting: maybe(upTo(3)), isRefused: upTo(1) === 1 },
    freshnessSeconds: maybe(random() * 1e6),
  };
}
