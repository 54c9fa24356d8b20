/** The rules apart for each operator, category, station, date or line, as a page for the terminal. */
import type { Segment, SegmentBy } from "../quality/count_segments.ts";
import type { Rule } from "../quality/rules/rule.ts";
import { counted, grouped, printable } from "../printable.ts";
import { shareText } from "./rule_groups.ts";
import { shortName } from "./short_name.ts";
import { textTable } from "./text_table.ts";
import { segmentTraffic } from "./traffic/text_traffic.ts";
import { type TextOptions, TextPage } from "./text_page.ts";
import { scoreText } from "./text_scores.ts";

/** What the page is made of. */
export interface Segments {
  readonly by: SegmentBy;
  /** In any order. */
  readonly segments: readonly Segment[];
  /** Why rules are not counted, by their ids. */
  readonly uncounted: Readonly<Record<string, string>>;
  readonly rules: readonly Rule[];
}

/** A segment with what it comes to. */
export interface ScoredSegment extends Segment {
  /** 0 to 100, as in the report: the mean of the shares of units that pass each rule on rows, notes left out. */
  readonly score: number;
}

const MOST_LINES = 30;
const WORST_RULES = 3;

/** Scores the segments, the lowest score first, larger segments before smaller ones. */
export function scoreSegments(
  { segments, rules }: Pick<Segments, "segments" | "rules">,
): readonly ScoredSegment[] {
  const scored = segments.map((segment) => ({ ...segment, score: scoreOf(segment, rules) }));
  return scored.sort((a, b) =>
    a.score - b.score || b.units.row - a.units.row || (a.value < b.value ? -1 : 1)
  );
}

function scoreOf(segment: Segment, rules: readonly Rule[]): number {
  let sum = 0, count = 0;
  for (const { id, grain, severity } of rules) {
    const whole = unitsIn(segment, { id, grain }), broken = segment.failures[id];
    if (severity === "I" || broken === undefined || whole === 0) continue;
    sum += 1 - broken / whole;
    count++;
  }
  return count === 0 ? 100 : 100 * sum / count;
}

/** What a rule has looked at in a segment. */
export function unitsIn(
  { units, ruleUnits }: Omit<Segment, "traffic">,
  { id, grain }: Pick<Rule, "id" | "grain">,
): number {
  const own = ruleUnits[id];
  if (own !== undefined) return own;
  return grain === "row" || grain === "stop" || grain === "train" ? units[grain] : 0;
}

/** Renders the page, the lowest score first. */
export function renderSegments(
  { by, segments, uncounted, rules }: Segments,
  options: TextOptions = { colour: false },
): string {
  const page = new TextPage(options);
  // A train has many stations.
  const unit = by === "station" ? "stop" : "train";
  const table = textTable([by, "rows", `${unit}s`, "score", "rules that do not hold, worst first"]);
  const scored = scoreSegments({ segments, rules });
  for (const segment of scored.slice(0, MOST_LINES)) {
    const { value, units, score } = segment;
    const name = value === "" ? "(none)" : shortName(value);
    table.push([name, grouped(units.row), grouped(units[unit]), scoreText(score), worst(segment, rules)]);
  }
  const more = scored.length - MOST_LINES;
  return [
    page.section(`Rules on rows by ${by}, the lowest score first`, [
      table.toString(),
      ...Object.entries(uncounted).map(([id, why]) =>
        page.paint("dim", `${id} is not counted: ${printable(why)}`)
      ),
      ...(more > 0 ? [`... and ${counted(more, "other")} with better scores; --json has all of them`] : []),
      page.paint("dim", "`deno task report --explain M1` says what M1 is for"),
    ]),
    ...segmentTraffic(by, segments, page),
  ].join("\n\n");
}

function worst(segment: Segment, rules: readonly Rule[]): string {
  const broken = rules.flatMap(({ id, grain }) => {
    const count = segment.failures[id] ?? 0, whole = unitsIn(segment, { id, grain });
    return count > 0 && whole > 0 ? [{ id, share: count / whole }] : [];
  }).sort((a, b) => b.share - a.share);
  return broken.slice(0, WORST_RULES).map(({ id, share }) => `${id} ${shareText(share)}`).join("  ");
}
