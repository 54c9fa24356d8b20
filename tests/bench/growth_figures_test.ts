/** What counts as growing faster than the work, and how it is shown. */

import { assert, assertEquals } from "@std/assert";
import { growing, type GrowthFigures, growthOf } from "./growth_figures.ts";
import { growthRemark, growthTable, markdownPage } from "./show_growth.ts";

function figures(name: string, changes: Partial<GrowthFigures> = {}): GrowthFigures {
  const seconds = { bestSeconds: 1, medianSeconds: 1, bestCpuSeconds: 2 };
  return { group: "dates", name, work: 100, ...seconds, peakBytes: 3e8, files: 7, ...changes };
}

const FIRST = figures("7 dates");
const DOUBLE = figures("twice the work", { work: 200, bestSeconds: 2, bestCpuSeconds: 4 });
const GROWN = figures("366 dates", { bestSeconds: 1.1, bestCpuSeconds: 3 });
const OTHER = figures("one partition", { group: "partitions", bestSeconds: 50, bestCpuSeconds: 50 });
const ALL = [FIRST, DOUBLE, GROWN, OTHER];

Deno.test("a line is compared with the first of its group per unit of work", () => {
  assertEquals(ALL.map((line) => growthOf(line, ALL)), [
    null,
    { wall: 1, cpu: 1 },
    { wall: 1.1, cpu: 1.5 },
    null,
  ]);
});

Deno.test("a line grows when its seconds of the wall or of CPU are over the limit", () => {
  assertEquals(growing(ALL).map(({ name }) => name), ["366 dates"]);
  assertEquals(growing([FIRST, figures("slow", { bestSeconds: 1.3 })]).length, 1);
  assertEquals(
    growthRemark(ALL),
    "Over 20 % more for its work than the first of its group needs: 366 dates (wall x 1.10, CPU x 1.50).",
  );
  assertEquals(
    growthRemark([FIRST, DOUBLE]),
    "No line needs over 20 % more for its work than the first of its group.",
  );
});

Deno.test("the table of growth fits 80 columns and leaves out what a first line is not compared with", () => {
  assertEquals(
    growthTable(ALL),
    `
                                      wall s  CPU s peak MB files   wall    CPU
7 dates                                 1.00   2.00     300     7
twice the work                          2.00   4.00     300     7 x 1.00 x 1.00
366 dates                               1.10   3.00     300     7 x 1.10 x 1.50
one partition                          50.00  50.00     300     7`.slice(1),
  );
  for (const text of growthTable(ALL).split("\n")) assert(text.length <= 80, text);
});

Deno.test("the page for the README has a section for each file of results, and says when there is none", () => {
  const head = { at: "", commit: "abc", machine: "2 cores", load: 0, source: "recorded", peer: "", runs: 3 };
  assertEquals(
    markdownPage([{ ...head, growth: [FIRST] }]),
    `
### Growth

- Machine: 2 cores
- State: abc; load before 0.0; best of at most 3 runs, programs in turn
- Input: recorded

|         | wall s | CPU s | peak MB | files | wall | CPU |
| ------- | ------ | ----- | ------- | ----- | ---- | --- |
| 7 dates | 1.00   | 2.00  | 300     | 7     |      |     |

No line needs over 20 % more for its work than the first of its group.`.slice(1),
  );
  assert(markdownPage([]).startsWith("No results yet"));
});
