/** Where the rules are broken: by category and operator, and the stations with most failures. */
import { counted, grouped } from "../../printable.ts";
import type { Segment } from "../../quality/count_segments.ts";
import type { RuleResult } from "../../quality/evaluate_run.ts";
import type { SegmentFailures } from "../../quality/pictures/segment_failures.ts";
import type { Report } from "../build_report.ts";
import { unitsIn } from "../render_segments.ts";
import { brokenGroups, shareText } from "../rule_groups.ts";
import { shareBar } from "../../charts/bar.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import type { Section } from "../../charts/page_frame.ts";
import { foreign } from "../../charts/marks.ts";
import { commandMark, type CompleteCommand } from "./words.ts";

const RULES_SHOWN = 4;
const ROWS_SHOWN = 10;
const NAMES = { trainCategory: "category", operator: "operator", station: "station" } as const;

/** The part of the page; null where no rule on rows is broken, or nobody knows where. */
export function segmentsSection(
  { verdict }: Report,
  { found, complete }: { readonly found: SegmentFailures | null; readonly complete: CompleteCommand },
): Section | null {
  const broken = brokenGroups(verdict.rules).flatMap(({ rules }) => rules).filter(({ id, outcome }) =>
    (outcome === "failed" || outcome === "look") &&
    found?.by.trainCategory.some(({ failures }) => (failures[id] ?? 0) > 0)
  );
  if (found === null || broken.length === 0) return null;
  const rules = broken.slice(0, RULES_SHOWN), more = broken.length - rules.length;
  return {
    id: "segments",
    heading: "Where rules are broken",
    body: markup`<p class="soft">${
      extent(found)
    } Failures, and their share of the rows, stops or trains; the longest bar is the largest share of its column.${
      more > 0 ? left(more, complete) : null
    }</p>
${(["trainCategory", "operator", "station"] as const).map((by) => segmentTable(by, found.by[by], rules))}`,
  };
}

function left(more: number, complete: CompleteCommand): Markup {
  return markup` ${counted(more, "further rule")} left out; ${
    commandMark("deno task report --by operator", complete)
  } has all of them.`;
}

function extent({ rows, allRows, since }: SegmentFailures): string {
  return rows === allRows
    ? `Of all ${counted(rows, "row")} of the table.`
    : `Of the newest ${grouped(rows)} of ${counted(allRows, "row")}` +
      `${
        since === null ? "" : `, departure dates from ${since} on`
      }; older ones were not read for this page.`;
}

/** Those with most failures first; rules that are not told apart by this have no column. */
function segmentTable(
  by: keyof typeof NAMES,
  segments: readonly Segment[],
  all: readonly RuleResult[],
): Markup | null {
  const rules = all.filter(({ id }) => segments.some(({ failures }) => failures[id] !== undefined));
  const counts = segments.map((segment) => ({
    segment,
    failures: rules.reduce((sum, { id }) => sum + (segment.failures[id] ?? 0), 0),
  })).sort((a, b) => b.failures - a.failures || (a.segment.value < b.segment.value ? -1 : 1));
  const total = counts.reduce((sum, { failures }) => sum + failures, 0);
  const [worst] = counts;
  if (worst === undefined || total === 0) return null;
  const shown = counts.slice(0, ROWS_SHOWN), more = counts.length - shown.length;
  const most = rules.map((rule) =>
    shown.reduce((max, { segment }) => Math.max(max, shareIn(segment, rule)), 0)
  );
  return markup`<div class="scroll" role="region" aria-label="Broken rules by ${
    NAMES[by]
  }" tabindex="0"><table class="seg${rules.length > 2 ? "" : " few"}">
<caption><span>By ${NAMES[by]}: ${foreign(worst.segment.value || "(none)")} has ${
    grouped(worst.failures)
  } of ${counted(total, "failure")}${
    more > 0 ? `; ${counted(more, "other")} with fewer left out` : ""
  }</span></caption>
<thead><tr><th scope="col">${NAMES[by]}</th><th scope="col" class="n">rows</th>${
    rules.map(({ id, title }) =>
      markup`<th scope="col" title="${title}">${id}<span class="wide-inline"> ${title}</span></th>`
    )
  }</tr></thead>
<tbody>${
    shown.map(({ segment }) =>
      markup`
<tr><th scope="row">${foreign(segment.value || "(none)")}</th><td class="n">${
        grouped(segment.units.row)
      }</td>${rules.map((rule, at) => shareCell(segment, rule, most[at] ?? 0))}</tr>`
    )
  }</tbody></table></div>`;
}

function shareCell(segment: Segment, rule: RuleResult, most: number): Markup {
  const count = segment.failures[rule.id] ?? 0, share = shareIn(segment, rule);
  if (count === 0) return markup`<td class="soft">0</td>`;
  return markup`<td>${grouped(count)}, ${shareText(share)}${shareBar(share / most, rule.outcome)}</td>`;
}

function shareIn(segment: Segment, rule: RuleResult): number {
  const whole = unitsIn(segment, rule);
  return whole === 0 ? 0 : (segment.failures[rule.id] ?? 0) / whole;
}
