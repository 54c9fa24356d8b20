/** The figures of growth as tables, and the page of markdown for the README. */

import type { BenchResults } from "./bench_results.ts";
import { growing, GROWTH_LIMIT, type GrowthFigures, growthOf } from "./growth_figures.ts";
import { headLines, markdownLines, markdownTable, remarks, wrapped } from "./show_results.ts";

const HEAD = ["", "wall s", "CPU s", "peak MB", "files", "wall", "CPU"];
const MARKDOWN_WIDTH = 110;
const WIDTHS = [37, 7, 7, 8, 6, 7, 7];

/** The table for the terminal; its last columns are how much more a line needs per unit of work than its group's first. */
export function growthTable(all: readonly GrowthFigures[]): string {
  const row = (cells: readonly string[]) =>
    cells.map((cell, at) => at === 0 ? cell.padEnd(WIDTHS[at] ?? 0) : cell.padStart(WIDTHS[at] ?? 0)).join(
      "",
    );
  return [HEAD, ...all.map((line) => cellsOf(line, all))].map((cells) => row(cells).trimEnd()).join("\n");
}

/** Which lines grow faster than their work. */
export function growthRemark(all: readonly GrowthFigures[]): string {
  const lines = growing(all).map((line) => {
    const { wall = NaN, cpu = NaN } = growthOf(line, all) ?? {};
    return `${line.name} (wall x ${wall.toFixed(2)}, CPU x ${cpu.toFixed(2)})`;
  });
  const limit = `${Math.round((GROWTH_LIMIT - 1) * 100)} %`;
  return lines.length === 0
    ? `No line needs over ${limit} more for its work than the first of its group.`
    : `Over ${limit} more for its work than the first of its group needs: ${lines.join("; ")}.`;
}

/** All tables of these results with what they say, as they stand in the README. */
export function markdownPage(results: readonly BenchResults[]): string {
  if (results.length === 0) {
    return "No results yet: `deno task bench` and `deno task bench --growth` make them";
  }
  return results.map(markdownOf).join("\n\n");
}

function markdownOf(results: BenchResults): string {
  const { lines = [], growth } = results;
  const head = headLines(results).split("\n").map((line) => line.replace(/^(\w+) +/, "$1: "))
    // Where the figures come from, without what only this machine can follow.
    .map((line) => `- ${line}`).join("\n");
  if (growth !== undefined) {
    const table = markdownTable([HEAD, ...growth.map((line) => cellsOf(line, growth))]);
    return `### Growth\n\n${head}\n\n${table}\n\n${wrapped(growthRemark(growth), MARKDOWN_WIDTH)}`;
  }
  const tables = (["pipeline", "delta"] as const).map((kind) => lines.filter((line) => line.kind === kind))
    .filter((some) => some.length > 0).map(markdownLines);
  return `## Speed\n\n${head}\n\n${tables.join("\n\n")}\n\n${
    wrapped(remarks(lines).join(" "), MARKDOWN_WIDTH)
  }`;
}

function cellsOf(line: GrowthFigures, all: readonly GrowthFigures[]): readonly string[] {
  const growth = growthOf(line, all);
  return [
    line.name,
    line.bestSeconds.toFixed(2),
    line.bestCpuSeconds.toFixed(2),
    line.peakBytes === null ? "?" : String(Math.round(line.peakBytes / 1e6)),
    String(line.files),
    growth === null ? "" : `x ${growth.wall.toFixed(2)}`,
    growth === null ? "" : `x ${growth.cpu.toFixed(2)}`,
  ];
}
