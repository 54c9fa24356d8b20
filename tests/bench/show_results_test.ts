/** What the tables of the benchmark look like, and what they say. */

import { assert, assertEquals } from "@std/assert";
import { NAME_WIDTH } from "./bench_line.ts";
import type { LineResult } from "./bench_results.ts";
import { DELTA_LINES } from "./delta_lines.ts";
import { FOLLOW_LINES } from "./follow_lines.ts";
import { PIPELINE_LINES } from "./pipeline_lines.ts";
import {
  markdownLines,
  markdownTable,
  progressLine,
  remarks,
  terminalTable,
  wrapped,
} from "./show_results.ts";
import { type Runs, summarizeRuns } from "./summarize_runs.ts";

const MB = 1e6;

function runs(label: string, seconds: number, megabytes: number | null = 100): Runs {
  const peakBytes = megabytes === null ? null : megabytes * MB;
  return summarizeRuns(label, [{ seconds, cpuSeconds: seconds * 2, peakBytes }]);
}

function line(name: string, changes: Partial<LineResult> = {}): LineResult {
  const fixed = {
    kind: "pipeline",
    aim: null,
    mark: null,
    work: "some work",
    floor: null,
    details: null,
  } as const;
  return { name, ...fixed, ours: runs("ratalake", 0.5), peer: runs("polars + delta-rs", 1), ...changes };
}

const HELP = line("process --help", {
  ours: runs("ratalake", 0.1),
  mark: "its import alone",
  peer: runs("", 0.2),
});
const LINES = [
  line("639 trains", { aim: { seconds: 0.6, peakBytes: 200 * MB } }),
  line("12,780 trains", { ours: runs("ratalake", 3), peer: runs("", 2), aim: { seconds: 2, isCpu: true } }),
  HELP,
  line("fetch", { ours: runs("ratalake", 12.34, null), peer: null }),
];

Deno.test("the table for the terminal fits 80 columns, whatever the figures", () => {
  assertEquals(
    terminalTable(LINES),
    `
                          --------- wall s ---------  --- CPU s --  ---- MB ----
                           best median   peer  ratio   ours   peer   ours   peer
639 trains                0.500  0.500   1.00   0.50   1.00   2.00    100    100
12,780 trains              3.00   3.00   2.00   1.50   6.00   4.00    100    100
process --help            0.100  0.100  0.200   0.50  0.200  0.400    100    100
fetch                      12.3   12.3      -      -   24.7      -      ?      -`.slice(1),
  );
  const widest = line("x".repeat(NAME_WIDTH), {
    ours: runs("", 99_999, 99_999),
    peer: runs("", 99_999, 99_999),
  });
  for (const text of terminalTable([widest]).split("\n")) assert(text.length <= 80, text);
});

Deno.test("every line has a name of its own that fits the table", () => {
  const names = [...PIPELINE_LINES, ...FOLLOW_LINES, ...DELTA_LINES].map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  assertEquals(names.filter((name) => name.length > NAME_WIDTH), []);
});

Deno.test("the table of the README is aligned, has the aims, and brackets what is not the same work", () => {
  assertEquals(
    markdownLines(LINES),
    `
|                | wall s | peer's  | ratio | CPU s | peer's | peak MB | peer's | aim           |
| -------------- | ------ | ------- | ----- | ----- | ------ | ------- | ------ | ------------- |
| 639 trains     | 0.500  | 1.00    | 0.50  | 1.00  | 2.00   | 100     | 100    | 0.6 s, 200 MB |
| 12,780 trains  | 3.00   | 2.00    | 1.50  | 6.00  | 4.00   | 100     | 100    | 2 s CPU       |
| process --help | 0.100  | (0.200) | 0.50  | 0.200 | 0.400  | 100     | 100    |               |
| fetch          | 12.3   | -       | -     | 24.7  | -      | ?       | -      |               |`.slice(1),
  );
});

Deno.test("it is said where the peer needs less, what else a figure is, and which aims are missed", () => {
  assertEquals(remarks(LINES), [
    "Behind the peer: 12,780 trains (1.50); ahead on 1 of 2 lines.",
    "Beside its import alone, which is the peer's figure there: process --help (0.50).",
    "Aims missed: 12,780 trains.",
  ]);
  assertEquals(remarks([line("639 trains", { aim: { seconds: 1 } })]), [
    "Ahead of the peer on each of 1 lines.",
    "Every aim is reached.",
  ]);
});

Deno.test("an aim is missed by its memory alone too, and without a peer nothing is said of one", () => {
  const aim = { seconds: 1, peakBytes: 99 * MB };
  assertEquals(remarks([line("639 trains", { aim, peer: null })]), ["Aims missed: 639 trains."]);
});

Deno.test("a floor is told beside the line that cannot be below it", () => {
  const appends = line("1,000 appends", { ours: runs("", 9.5), floor: runs("the disk alone", 1.1) });
  assertEquals(remarks([appends]).at(-1), "1,000 appends: the disk alone takes 1.10 of these 9.50 s.");
});

Deno.test("while lines are measured, each shows all of its programs", () => {
  assertEquals(
    progressLine(line("639 trains", { details: "stages: validate 0.21 s; 1 batches" })),
    `
639 trains: some work
  ratalake           best 0.500 s, median 0.500 s, CPU 1.00 s, peak 100 MB (1 run)
  polars + delta-rs  best 1.00 s, median 1.00 s, CPU 2.00 s, peak 100 MB (1 run)
  stages: validate 0.21 s; 1 batches`.slice(1),
  );
});

Deno.test("words are wrapped at the width, and a word that is longer stands alone", () => {
  assertEquals(wrapped("a bb ccc dddd", 6), "a bb\nccc\ndddd");
  assertEquals(wrapped("a toolongword b", 6), "a\ntoolongword\nb");
});

Deno.test("a table of markdown pads short rows", () => {
  assertEquals(markdownTable([["", "b"], ["aa", ""]]), "|    | b |\n| -- | - |\n| aa |   |");
});
