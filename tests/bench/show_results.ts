/** The results of the benchmark for people: a table for the terminal, tables for the README, and what they say. */

import type { BenchResults, LineResult } from "./bench_results.ts";
import { NAME_WIDTH } from "./bench_line.ts";
import { ratioOf, type Runs } from "./summarize_runs.ts";

const FIGURE_WIDTH = 7;
const HEAD = ["best", "median", "peer", "ratio", "ours", "peer", "ours", "peer"];

/** Where and how it was measured, in lines of at most 80 characters where the names allow. */
export function headLines({ machine, commit, load, source, peer, runs }: BenchResults): string {
  return [
    `Machine  ${machine}`,
    `State    ${commit}; load before ${load.toFixed(1)}; best of at most ${runs} runs, programs in turn`,
    `Input    ${source}`,
    ...(peer === "" ? [] : [`Peer     ${peer}`]),
  ].join("\n");
}

/** The table of 80 columns: seconds of wall and CPU by the best runs, megabytes at the peak. */
export function terminalTable(lines: readonly LineResult[]): string {
  const groups = `${"".padEnd(NAME_WIDTH)}${centre("wall s", 4)}${centre("CPU s", 2)}${centre("MB", 2)}`;
  const head = row("", HEAD);
  return [groups, head, ...lines.map((line) => row(line.name, figuresOf(line)))]
    .map((text) => text.trimEnd()).join("\n");
}

/** One line while the others are still to come. */
export function progressLine({ name, work, ours, peer, floor, details }: LineResult): string {
  const sides = [ours, peer, floor].flatMap((runs) => runs === null ? [] : [`  ${showRuns(runs)}`]);
  return [`${name}: ${work}`, ...sides, ...(details === null ? [] : [`  ${details}`])].join("\n");
}

/** A table of the README, aligned as `deno fmt` has it. */
export function markdownLines(lines: readonly LineResult[]): string {
  const head = ["", "wall s", "peer's", "ratio", "CPU s", "peer's", "peak MB", "peer's", "aim"];
  const rows = lines.map((line) => {
    const [best = "", , peer = "", ratio = "", ...rest] = figuresOf(line);
    return [line.name, best, line.mark === null ? peer : `(${peer})`, ratio, ...rest, aimOf(line)];
  });
  return markdownTable([head, ...rows.map((cells) => cells.map((cell) => cell.trim()))]);
}

/** Where the peer needs less, where an aim is missed, and what the figures of some lines are; a sentence each. */
export function remarks(lines: readonly LineResult[]): readonly string[] {
  const compared = lines.filter(({ peer, mark }) => peer !== null && mark === null);
  const behind = compared.filter(({ ours, peer }) => (ratioOf(ours, peer) ?? 0) > 1);
  const marks = Map.groupBy(lines.filter(({ peer, mark }) => peer && mark), ({ mark }) => mark);
  const missed = lines.filter(isMissed).map(({ name }) => name);
  return [
    ...(compared.length === 0 ? [] : [
      behind.length === 0
        ? `Ahead of the peer on each of ${compared.length} lines.`
        : `Behind the peer: ${named(behind)}; ahead on ${
          compared.length - behind.length
        } of ${compared.length} lines.`,
    ]),
    ...[...marks].map(([mark, some]) => `Beside ${mark}, which is the peer's figure there: ${named(some)}.`),
    ...lines.flatMap(({ name, ours, floor }) =>
      floor === null ? [] : [`${name}: ${besideFloor(ours, floor)}.`]
    ),
    ...(lines.every(({ aim }) => aim === null)
      ? []
      : [missed.length === 0 ? "Every aim is reached." : `Aims missed: ${missed.join("; ")}.`]),
  ];
}

function named(lines: readonly LineResult[]): string {
  return lines.map(({ name, ours, peer }) => `${name} (${ratioOf(ours, peer)?.toFixed(2)})`).join("; ");
}

function besideFloor(ours: Runs, floor: Runs): string {
  return `${floor.label} takes ${wall(floor.bestSeconds)} of these ${wall(ours.bestSeconds)} s`;
}

/** Words in lines of at most so many characters. */
export function wrapped(text: string, width: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.pop() ?? "";
    const longer = line === "" ? word : `${line} ${word}`;
    lines.push(...(longer.length > width && line !== "" ? [line, word] : [longer]));
  }
  return lines.join("\n");
}

/** Cells as a table whose columns are aligned; the first row is the head. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, at) => Math.max(1, ...rows.map((cells) => (cells[at] ?? "").length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.slice(1).map(line)].join("\n");
}

function figuresOf({ ours, peer }: LineResult): readonly string[] {
  return [
    wall(ours.bestSeconds),
    wall(ours.medianSeconds),
    peer === null ? "-" : wall(peer.bestSeconds),
    ratioOf(ours, peer)?.toFixed(2) ?? "-",
    wall(ours.bestCpuSeconds),
    peer === null ? "-" : wall(peer.bestCpuSeconds),
    megabytes(ours),
    peer === null ? "-" : megabytes(peer),
  ];
}

function aimOf({ aim }: LineResult): string {
  if (aim === null) return "";
  const seconds = `${aim.seconds} s${aim.isCpu === true ? " CPU" : ""}`;
  return aim.peakBytes === undefined ? seconds : `${seconds}, ${Math.round(aim.peakBytes / 1e6)} MB`;
}

function isMissed({ aim, ours }: LineResult): boolean {
  if (aim === null) return false;
  const seconds = aim.isCpu === true ? ours.bestCpuSeconds : ours.bestSeconds;
  return seconds > aim.seconds || (ours.peakBytes ?? 0) > (aim.peakBytes ?? Infinity);
}

function showRuns({ label, bestSeconds, medianSeconds, bestCpuSeconds, peakBytes, runs }: Runs): string {
  const memory = peakBytes === null ? "" : `, peak ${Math.round(peakBytes / 1e6)} MB`;
  const walls = `best ${wall(bestSeconds).trim()} s, median ${wall(medianSeconds).trim()} s`;
  return `${label.padEnd(17)}  ${walls}, CPU ${wall(bestCpuSeconds).trim()} s${memory} (${
    runs.length === 1 ? "1 run" : `${runs.length} runs`
  })`;
}

function row(name: string, figures: readonly string[]): string {
  return name.padEnd(NAME_WIDTH) + figures.map((figure) => figure.padStart(FIGURE_WIDTH)).join("");
}

function centre(text: string, columns: number): string {
  const width = columns * FIGURE_WIDTH;
  const dashes = width - 2 - text.length - 1;
  return `  ${"-".repeat(Math.floor(dashes / 2))} ${text} ${"-".repeat(Math.ceil(dashes / 2) - 1)}`.padStart(
    width,
  );
}

/** Three digits or so, whatever the size. */
function wall(seconds: number): string {
  return seconds.toFixed(seconds < 1 ? 3 : seconds < 10 ? 2 : seconds < 1000 ? 1 : 0);
}

function megabytes({ peakBytes }: Runs): string {
  return peakBytes === null ? "?" : String(Math.round(peakBytes / 1e6));
}
