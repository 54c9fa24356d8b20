import { assertEquals } from "@std/assert";
import type { Segment } from "../../lib/quality/count_segments.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { jointFigures } from "../../lib/quality/traffic/traffic_figures.ts";
import type { Counts } from "../../lib/tables/counts.ts";
import { renderSegments, scoreSegments } from "../../lib/report/render_segments.ts";

const rules = RULES.filter(({ id }) => ["C2", "C12", "M4"].includes(id));

function segment(value: string, failures: Counts, trains: Counts = {}): Segment {
  return {
    value,
    units: { row: 1000, stop: 400, train: 20 },
    ruleUnits: {},
    failures: { C2: 0, C12: 0, M4: 0, ...failures },
    traffic: jointFigures(trains),
  };
}

Deno.test("segments come with the lowest score first and their worst rules; what informs has no weight", () => {
  const segments = [segment("vr", {}), segment("", { C2: 10, C12: 1 }), segment("late", { M4: 20 })];
  assertEquals(scoreSegments({ segments, rules }).map(({ value, score }) => [value, score]), [
    ["", 97],
    ["late", 100],
    ["vr", 100],
  ]);
  assertEquals(
    renderSegments({ by: "operator", segments, uncounted: {}, rules }, { colour: false }),
    `Rules on rows by operator, the lowest score first
operator   rows  trains  score  rules that do not hold, worst first
(none)    1,000      20  97.00  C12 5.00%  C2 1.00%
late      1,000      20    100  M4 100.0%
vr        1,000      20    100
\`deno task report --explain M1\` says what M1 is for`,
  );
});

Deno.test("of many segments the worst thirty are shown, and their names are data", () => {
  const segments = Array.from({ length: 33 }, (_, i) => segment(`\u001b[31mX${i}`, { C2: i }));
  const text = renderSegments({ by: "station", segments, uncounted: {}, rules }, { colour: false });
  assertEquals([text.includes("\u001b"), text.includes("... and 3 others with better scores")], [
    false,
    true,
  ]);
  assertEquals(text.split("\n").length, 34);
});

Deno.test("beside the rules stands what became of the trains, those with most late ones first", () => {
  const segments = [
    segment("punctual", {}, { "longDistance.delay.15": 30, "longDistance.onTime": 30 }),
    segment("\u001b[31mlate", {}, {
      ...{ "longDistance.delay.60": 10, "longDistance.delay.360": 5, "longDistance.onTime": 10 },
      ...{
        "freight.delay.-7200": 5,
        "freight.onTime": 5,
        "freight.cancelled": 1234,
        "freight.unfinished": 2,
      },
    }),
    segment("none", {}),
  ];
  assertEquals(
    renderSegments({ by: "station", segments, rules, uncounted: {} }, { colour: false }).split("\n\n")[1],
    `Traffic by final station, most late trains first
final station    arrived   on time    median       p90 cancelled   in part
\\u001b[31mlate        20     75.0%     +1:08     +6:36     1,234         0
punctual              30    100.0%     +0:23     +0:29         0         0`,
  );
});
