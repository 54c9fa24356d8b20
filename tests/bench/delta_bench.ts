/**
 * This library beside delta-rs on the same tables, each run of a task that writes on a copy of its own.
 *
 *     deno run -P=bench tests/bench/delta_bench.ts [--runs 3] [--only merge]
 *
 * Prints a table and writes data_files/bench/delta.json. Seconds are those of the task, without the start of a process;
 * below a ratio of 1 this library is faster. CPU seconds tell more on a machine that has other work too.
 */

import { parseArgs } from "@std/cli";
import Table from "cli-table3";
import { pythonPath, whyNoPython } from "../interop/python_venv.ts";
import { type BenchTables, makeBenchTables } from "./delta_bench_tables.ts";

const HERE = new URL("./", import.meta.url).pathname;
const FOLDER = new URL("../../data_files/bench/delta", import.meta.url).pathname;
/** One line of the bench. */
interface BenchCase {
  readonly name: string;
  readonly task: string;
  readonly table: keyof BenchTables | "new" | "appended";
  readonly changes?: keyof BenchTables;
}

/** What an engine needed. */
interface Measure {
  readonly seconds: readonly number[];
  readonly cpuSeconds: readonly number[];
  readonly result: number;
  readonly peakBytes: number;
}

const CASES: readonly BenchCase[] = [
  { name: "open 10,000 commits with checkpoints", task: "open", table: "commits10000" },
  { name: "open 1,000 commits without", task: "open", table: "commits1000" },
  { name: "open 100,000 files", task: "open", table: "files100000" },
  { name: "1,000 appends of one row", task: "append", table: "new" },
  { name: "read 535,520 rows", task: "read", table: "rows535520" },
  { name: "read 1 date, trains below 50", task: "read pruned", table: "rows535520" },
  { name: "merge 1 % into one date", task: "merge", table: "rows535520", changes: "changesOneDate" },
  { name: "merge 1 % into all dates", task: "merge", table: "rows535520", changes: "changesAllDates" },
  { name: "optimize 1,000 files", task: "optimize", table: "appended" },
];

interface Result {
  readonly name: string;
  readonly ours: Measure;
  readonly theirs: Measure | undefined;
}

const parsed = parseArgs(Deno.args, { string: ["runs", "only"] });
const runs = String(parsed.runs ?? 3);
const only = String(parsed.only ?? "");
const tables = await makeBenchTables(FOLDER);
const reason = await whyNoPython(["deltalake", "pyarrow"]);
if (reason !== undefined) console.error(`delta-rs is not measured: ${reason}`);
const results: Result[] = [];
for (const one of CASES.filter(({ name }) => name.includes(only))) {
  const ours = await measure(one, ourCommand());
  const theirs = reason === undefined
    ? await measure(one, [pythonPath(), `${HERE}delta_bench_peer.py`])
    : undefined;
  if (theirs !== undefined && theirs.result !== ours.result) {
    throw new Error(
      `"${one.name}" gave ${ours.result} here and ${theirs.result} with delta-rs, expected the same`,
    );
  }
  results.push({ name: one.name, ours, theirs });
  console.error(`${one.name}: ${ours.seconds} here, ${theirs?.seconds ?? "not measured"} with delta-rs`);
}
print();
await Deno.writeTextFile(
  `${FOLDER}.json`,
  JSON.stringify({ machine: machine(), load: Deno.loadavg(), results }, undefined, 2),
);

function ourCommand(): readonly string[] {
  const flags = ["run", "--quiet", "--no-prompt", "-P=bench"];
  return [Deno.execPath(), ...flags, `${HERE}delta_bench_work.ts`];
}

async function measure(one: BenchCase, command: readonly string[]): Promise<Measure> {
  const changes = one.changes === undefined ? [] : [tables[one.changes]];
  const isReading = one.task === "open" || one.task.startsWith("read");
  if (isReading && one.table !== "new" && one.table !== "appended") {
    return await run(command, [one.task, tables[one.table], runs, ...changes]);
  }
  const measures: Measure[] = [];
  for (let round = 0; round < Number(runs); round++) {
    const copy = `${FOLDER}/copy`;
    await copyTable(one.table, copy);
    measures.push(await run(command, [one.task, copy, "1", ...changes]));
    await Deno.remove(copy, { recursive: true });
  }
  return {
    seconds: measures.flatMap(({ seconds }) => seconds),
    cpuSeconds: measures.flatMap(({ cpuSeconds }) => cpuSeconds),
    result: measures[0]?.result ?? 0,
    peakBytes: Math.max(...measures.map(({ peakBytes }) => peakBytes)),
  };
}

// The small files of "optimize" are those that "append" leaves.
async function copyTable(table: BenchCase["table"], copy: string): Promise<void> {
  await Deno.remove(copy, { recursive: true }).catch(() => {});
  if (table === "new") return await Deno.mkdir(copy);
  if (table !== "appended") return void await output("cp", ["-r", tables[table], copy]);
  const appended = `${FOLDER}/appended`;
  const isMade = await Deno.stat(appended).then(() => true, () => false);
  if (!isMade) await run(ourCommand(), ["append", appended, "1"]);
  await output("cp", ["-r", appended, copy]);
}

async function run([command = "", ...first]: readonly string[], args: readonly string[]): Promise<Measure> {
  const text = await output(command, [...first, ...args]);
  return JSON.parse(text.trim().split("\n").at(-1) ?? "");
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`${command} ${args.join(" ")} failed: ${new TextDecoder().decode(stderr).slice(-2000)}`);
}

function print(): void {
  const head = [
    "task",
    "ours s",
    "delta-rs s",
    "ratio",
    "ours CPU s",
    "delta-rs CPU s",
    "ratio",
    "ours MB",
    "delta-rs MB",
  ];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { name, ours, theirs } of results) {
    const wall = compare(ours.seconds, theirs?.seconds);
    const cpu = compare(ours.cpuSeconds, theirs?.cpuSeconds);
    table.push([name, ...wall, ...cpu, megabytes(ours), megabytes(theirs)]);
  }
  console.log(
    `${machine()}, load ${Deno.loadavg()[0]?.toFixed(1)}; best of ${runs}; MB is the peak of the process`,
  );
  console.log(table.toString());
}

function compare(ours: readonly number[], theirs: readonly number[] = []): readonly string[] {
  const [our, their] = [Math.min(...ours), Math.min(...theirs)];
  return theirs.length === 0
    ? [our.toFixed(3), "", ""]
    : [our.toFixed(3), their.toFixed(3), (our / their).toFixed(2)];
}

function megabytes(measured: Measure | undefined): string {
  return measured === undefined ? "" : String(Math.round(measured.peakBytes / 1e6));
}

function machine(): string {
  const { total } = Deno.systemMemoryInfo();
  return `${navigator.hardwareConcurrency} cores, ${
    Math.round(total / 2 ** 30)
  } GiB, Deno ${Deno.version.deno}`;
}
