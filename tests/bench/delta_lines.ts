/** The lines of the Delta library beside delta-rs: tasks in a process, without its start. */

import { pythonPath } from "../interop/python_venv.ts";
import { workFolder } from "./bench_input.ts";
import type { BenchLine } from "./bench_line.ts";
import { type BenchTable, benchTable } from "./delta_bench_tables.ts";
import type { Side } from "./measure_line.ts";
import type { Program } from "./measure_program.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** A library is used by programs that go on: what reads is done so often in each process. */
const READS = 3;
const MB = 1e6;

/** A task on a table. */
interface Task extends Pick<BenchLine, "in" | "mostRuns" | "aim"> {
  readonly name: string;
  readonly task: "open" | "read" | "read pruned" | "append" | "merge" | "optimize";
  /** Without one the task makes its own. */
  readonly table?: BenchTable;
  readonly changes?: BenchTable;
  readonly work: string;
}

const TASKS: readonly Task[] = [
  {
    ...{ name: "open 10,000 commits", task: "open", table: "commits10000" },
    work: "a checkpoint every 90 commits",
    aim: { seconds: 0.12 },
  },
  {
    ...{ name: "open 1,000 commits", task: "open", table: "commits1000", in: "quick" },
    work: "without a checkpoint",
  },
  {
    ...{ name: "open 100,000 files", task: "open", table: "files100000" },
    work: "in one checkpoint",
    aim: { seconds: 0.3, peakBytes: 200 * MB },
  },
  {
    ...{ name: "1,000 appends, flushed", task: "append", mostRuns: 2 },
    work: "of one row each, a checkpoint every 100",
  },
  { name: "read 535,520 rows", task: "read", table: "rows535520", work: "20 dates" },
  {
    ...{ name: "read 1 date, 49 trains", task: "read pruned", table: "rows535520" },
    work: "of the 535,520 rows",
  },
  {
    ...{ name: "merge 1 % into one date", task: "merge", table: "rows535520", changes: "changesOneDate" },
    work: "5,356 rows of 535,520",
    in: "quick",
  },
  {
    ...{ name: "merge 1 %, all dates", task: "merge", table: "rows535520", changes: "changesAllDates" },
    work: "5,360 rows of 535,520",
    aim: { seconds: 0.45 },
  },
  {
    ...{ name: "optimize 1,000 files", task: "optimize", table: "appended" },
    work: "of one row each",
    aim: { seconds: 0.25 },
  },
];

/** In the order of the table. */
export const DELTA_LINES: readonly BenchLine[] = TASKS.map((task) => ({
  ...task,
  kind: "delta",
  prepare: async ({ withPeer }) => {
    const peer = [pythonPath(), "tests/bench/delta_bench_peer.py"];
    return {
      work: task.work,
      ours: await sideOf(task, { label: "ratalake", words: oursOf(), whose: "ours" }),
      peer: withPeer ? await sideOf(task, { label: "delta-rs", words: peer, whose: "peer" }) : undefined,
      ...(task.task === "append" ? { floor: flushing() } : {}),
    };
  },
}));

interface Whose {
  readonly label: string;
  readonly words: readonly string[];
  readonly whose: string;
}

async function sideOf({ task, table, changes }: Task, { label, words, whose }: Whose): Promise<Side> {
  const from = table === undefined ? null : await benchTable(table);
  const rest = changes === undefined ? [] : [await benchTable(changes)];
  const isReading = task === "open" || task.startsWith("read");
  if (isReading && from !== null) {
    return { label, timesItself: true, program: program([...words, task, from, String(READS)]) };
  }
  const folder = ROOT + workFolder(whose);
  return {
    ...{ label, timesItself: true, work: { folder, from } },
    program: program([...words, task, folder, "1", ...rest]),
  };
}

function flushing(): Side {
  const folder = ROOT + workFolder("floor");
  return {
    ...{ label: "the disk alone", timesItself: true, work: { folder, from: null } },
    program: program([...oursOf(), "flush", folder, "1"]),
  };
}

function oursOf(): readonly string[] {
  const flags = ["run", "--quiet", "--no-prompt", "-P=bench"];
  return [Deno.execPath(), ...flags, "tests/bench/delta_bench_work.ts"];
}

function program([command = "", ...args]: readonly string[]): Program {
  return { command, args };
}
