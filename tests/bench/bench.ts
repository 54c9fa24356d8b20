/** Measures the pipeline and the Delta library beside a peer, and how cost grows; see README.md here. */

import { whyNoPython } from "../interop/python_venv.ts";
import { BENCH_FOLDER, removeIfThere } from "./bench_cache.ts";
import { copyFolder } from "./bench_input.ts";
import type { BenchLine } from "./bench_line.ts";
import { type BenchRequest, readRequest, USAGE } from "./bench_options.ts";
import { describeHead, type LineResult, readResults, writeResults } from "./bench_results.ts";
import { chooseLines } from "./choose_lines.ts";
import { DELTA_LINES } from "./delta_lines.ts";
import type { GrowthFigures } from "./growth_figures.ts";
import { GROWTH_GROUPS } from "./growth_groups.ts";
import { measureLine, type PreparedLine } from "./measure_line.ts";
import { measureProgram } from "./measure_program.ts";
import { FOLLOW_LINES } from "./follow_lines.ts";
import { PIPELINE_LINES } from "./pipeline_lines.ts";
import { growthRemark, growthTable, markdownPage } from "./show_growth.ts";
import { headLines, progressLine, remarks, terminalTable, wrapped } from "./show_results.ts";

const TERMINAL_WIDTH = 80;
const WORK = `${BENCH_FOLDER}/work`;

Deno.exit(await main());

async function main(): Promise<number> {
  const request = readRequest(Deno.args);
  if (request === null) {
    console.log(USAGE);
    return 0;
  }
  if ("faults" in request) {
    request.faults.forEach((fault) => console.error(fault));
    return 2;
  }
  if (request.markdown) {
    console.log(markdownPage(await readResults(request.files)));
    return 0;
  }
  const chosen = request.growth ? GROWTH_GROUPS : [...PIPELINE_LINES, ...FOLLOW_LINES, ...DELTA_LINES];
  if (!chosen.some(({ name }) => name.includes(request.only))) {
    const names = chosen.map(({ name }) => `"${name}"`).join("; ");
    console.error(`Cannot use --only "${request.only}": no such line, expected a part of one of ${names}`);
    return 2;
  }
  await (request.growth ? benchGrowth(request) : benchLines(request));
  await removeIfThere(WORK);
  return 0;
}

async function benchLines(request: BenchRequest): Promise<void> {
  const noPeer = request.withPeer ? await whyNoPython(["polars", "deltalake", "pyarrow"]) : "--no-peer";
  const head = await describeHead(request.runs, noPeer && `not measured: ${noPeer}`);
  console.log(`${headLines(head)}\n`);
  const kind = request.only !== "" ? "part" : request.set === "quick" ? "quick" : "lines";
  const lines: LineResult[] = [];
  let file = "";
  for (const line of chooseLines([...PIPELINE_LINES, ...FOLLOW_LINES, ...DELTA_LINES], request)) {
    const result = await benchLine(line, { request, withPeer: noPeer === undefined });
    lines.push(result);
    console.log(`${progressLine(result)}\n`);
    // After each line: a run that is cut short keeps what it has measured.
    file = await writeResults({ ...head, lines }, kind);
  }
  console.log(
    [
      terminalTable(lines),
      "",
      ...remarks(lines).map((text) => wrapped(text, TERMINAL_WIDTH)),
      `Written to ${file}`,
    ].join("\n"),
  );
}

async function benchLine(
  line: BenchLine,
  { request, withPeer }: { readonly request: BenchRequest; readonly withPeer: boolean },
): Promise<LineResult> {
  const prepared = await line.prepare({ withPeer });
  const { name, kind, aim = null, mark = null, mostRuns = Infinity } = line;
  try {
    const figures = await measureLine(prepared, Math.min(request.runs, mostRuns));
    if (request.profile) await profile(name, prepared);
    return { name, kind, aim, mark, ...figures };
  } finally {
    await prepared[Symbol.asyncDispose]?.();
    await removeIfThere(WORK);
  }
}

/** V8's profile of each thread; Chrome's DevTools and VS Code open the files. */
async function profile(name: string, { ours: { program, work, expected } }: PreparedLine): Promise<void> {
  const [run, ...rest] = program.args;
  if (run !== "run") return;
  const folder = `${BENCH_FOLDER}/profiles/${name.replaceAll(/\W+/g, "-")}`;
  if (work !== undefined) await copyFolder(work.from, work.folder);
  const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`];
  await measureProgram({ ...program, args: [run, ...flags, ...rest] }, expected);
  console.log(`CPU profiles of ${name} are in ${folder}`);
}

async function benchGrowth({ only, runs }: BenchRequest): Promise<void> {
  const head = await describeHead(runs, "");
  console.log(`${headLines(head)}\n`);
  const growth: GrowthFigures[] = [];
  let file = "";
  for (const { name, whyNot, measure } of GROWTH_GROUPS.filter(({ name }) => name.includes(only))) {
    const reason = await whyNot?.();
    if (reason !== undefined) {
      console.log(`${name}: not measured, ${reason}`);
      continue;
    }
    for await (const figures of measure(runs)) {
      growth.push(figures);
      console.log(`${figures.name}: ${figures.bestSeconds.toFixed(2)} s`);
      file = await writeResults({ ...head, growth }, only === "" ? "growth" : "part");
    }
  }
  console.log(
    ["", growthTable(growth), "", wrapped(growthRemark(growth), TERMINAL_WIDTH), `Written to ${file}`].join(
      "\n",
    ),
  );
}
