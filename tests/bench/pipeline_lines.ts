/** The lines of the pipeline: whole processes, as the tasks start them. */

import { pythonPath } from "../interop/python_venv.ts";
import { cachedFolder } from "./bench_cache.ts";
import {
  agedLakeOf,
  brokerOf,
  FETCHED_AT,
  type InputName,
  inputOf,
  lakeOf,
  workFolder,
} from "./bench_input.ts";
import type { BenchLine } from "./bench_line.ts";
import { scriptProgram } from "./bench_script.ts";
import { describeStages, stagesOf } from "./describe_stages.ts";
import type { PreparedLine, Side } from "./measure_line.ts";
import { measureProgram, type Program } from "./measure_program.ts";
import { serveTrains } from "./serve_trains.ts";

const ANSWER: InputName = ["copies", 639];
const BACKLOG: InputName = ["copies", 12_780];
const HUGE: InputName = ["copies", 63_900];
const DATES: InputName = ["dates", 1000];
const TINY: InputName = ["tiny", 1_000_000];
const REPUBLISHED: InputName = ["newer", 128, 12_780];
const OURS = workFolder("ours");
const PEER = workFolder("peer");
const PEER_SCRIPT = "tests/bench/peer_polars_deltalake.py";
const PEER_IMPORTS = "import polars, pyarrow; from deltalake import write_deltalake";
const IMPORT_ALONE = "its import alone";
/** A run may show what the quality rules find in made-up copies. */
const REPORT_CODES = [0, 3];
const MB = 1e6;

type Options = Parameters<BenchLine["prepare"]>[0];

/** In the order of the table. */
export const PIPELINE_LINES: readonly BenchLine[] = [
  {
    ...{ name: "639 trains", kind: "pipeline", in: "quick", aim: { seconds: 0.27, peakBytes: 160 * MB } },
    prepare: (options) => ingest(ANSWER, options),
  },
  {
    ...{ name: "12,780 trains", kind: "pipeline", aim: { seconds: 1.8, peakBytes: 300 * MB } },
    prepare: (options) => ingest(BACKLOG, options),
  },
  {
    ...{ name: "63,900 trains", kind: "pipeline", in: "full", mostRuns: 3 },
    aim: { seconds: 7, peakBytes: 300 * MB },
    prepare: (options) => ingest(HUGE, options),
  },
  {
    ...{ name: "1 % of one date again", kind: "pipeline", in: "quick" },
    aim: { seconds: 0.27, peakBytes: 170 * MB },
    prepare: ingestAgain,
  },
  {
    ...{ name: "1,000 departure dates", kind: "pipeline", mostRuns: 3 },
    aim: { seconds: 3, isCpu: true, peakBytes: 250 * MB },
    prepare: (options) => ingest(DATES, options),
  },
  {
    ...{ name: "1,000,000 messages `{}`", kind: "pipeline", mostRuns: 3 },
    aim: { seconds: 4, isCpu: true, peakBytes: 300 * MB },
    // The peer has no quarantine, and no use for what is no train.
    prepare: () => ingest(TINY, { withPeer: false }),
  },
  {
    ...{ name: "process, nothing to do", kind: "pipeline", in: "quick", mark: IMPORT_ALONE },
    aim: { seconds: 0.12, peakBytes: 70 * MB },
    prepare: async (options) => ({
      work: "tables of 12,780 trains, and no new message",
      ours: { ...await ours("process", OURS), work: { folder: OURS, from: await lakeOf(BACKLOG) } },
      peer: importAlone(options),
    }),
  },
  {
    ...{ name: "report", kind: "pipeline", in: "quick", mark: IMPORT_ALONE },
    aim: { seconds: 0.12, peakBytes: 70 * MB },
    prepare: async (options) => ({
      work: "on tables of 12,780 trains",
      ours: { ...await ours("report", await lakeOf(BACKLOG)), expected: REPORT_CODES },
      peer: importAlone(options),
    }),
  },
  {
    ...{ name: "report, 1,000 runs", kind: "pipeline", in: "quick", mark: IMPORT_ALONE },
    aim: { seconds: 0.12, peakBytes: 100 * MB },
    prepare: (options) => reportAged([], options),
  },
  {
    ...{ name: "report html, 1,000 runs", kind: "pipeline", in: "quick", mark: IMPORT_ALONE },
    aim: { seconds: 0.6, peakBytes: 130 * MB },
    prepare: (options) => reportAged(["--format", "html"], options),
  },
  {
    ...{ name: "process --help", kind: "pipeline", in: "quick", mark: IMPORT_ALONE },
    aim: { seconds: 0.05, peakBytes: 70 * MB },
    prepare: async (options) => ({
      work: "nothing but words",
      ours: await ours("process", OURS, ["--help"]),
      peer: importAlone(options),
    }),
  },
  {
    ...{ name: "fetch, 639 trains", kind: "pipeline", in: "quick" },
    aim: { seconds: 0.25, peakBytes: 90 * MB },
    prepare: fetchOnce,
  },
  {
    ...{ name: "replay, 639 trains", kind: "pipeline", in: "quick" },
    prepare: () => replay(ANSWER),
  },
  {
    ...{ name: "replay, 63,900 trains", kind: "pipeline", mostRuns: 3, aim: { seconds: 5 } },
    prepare: () => replay(HUGE),
  },
];

/** All messages into empty tables. */
async function ingest(name: InputName, { withPeer }: Options): Promise<PreparedLine> {
  const input = await inputOf(name);
  return {
    ...await processing(await brokerOf(name)),
    work: worded(input),
    peer: withPeer ? peerSide(input.path, null) : undefined,
  };
}

/** On the tables of the backlog some trains of one departure date with a higher version: a merge. */
async function ingestAgain({ withPeer }: Options): Promise<PreparedLine> {
  const input = await inputOf(REPUBLISHED);
  return {
    ...await processing(await lakeOf(BACKLOG, REPUBLISHED)),
    work: `${worded(input)}, into tables of 12,780 trains`,
    peer: withPeer ? peerSide(input.path, await peerTables()) : undefined,
  };
}

/** `process` on a copy of a folder, with what it says of its stages. */
export async function processing(from: string): Promise<Pick<PreparedLine, "ours" | "describe">> {
  const before = await stagesOf(from);
  return {
    ours: { ...await ours("process", OURS), work: { folder: OURS, from } },
    describe: async () => describeStages(before, await stagesOf(OURS)),
  };
}

/** A report on a lake that has a long history. */
async function reportAged(args: readonly string[], options: Options): Promise<PreparedLine> {
  const lake = await agedLakeOf(BACKLOG, 1000);
  return {
    work: "on tables of 12,780 trains, after 1,000 runs",
    ours: { ...await ours("report", lake, args), expected: REPORT_CODES },
    peer: importAlone(options),
  };
}

/** The simulator is a process of its own, and its clock stands still. */
async function fetchOnce(): Promise<PreparedLine> {
  const simulator = await serveTrains(639);
  const env = { DIGITRAFFIC_URL: simulator.url };
  const program = await scriptProgram("fetch", OURS, { env });
  return {
    work: `${simulator.answer}, into an empty broker`,
    ours: { label: "ratalake", program, work: { folder: OURS, from: null } },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}

async function replay(name: InputName): Promise<PreparedLine> {
  const input = await inputOf(name);
  const side = await ours("replay", OURS, ["--fetched-at", FETCHED_AT, input.path]);
  return {
    work: `${worded(input)}, into an empty broker`,
    ours: { ...side, work: { folder: OURS, from: null } },
  };
}

async function ours(script: string, folder: string, args: readonly string[] = []): Promise<Side> {
  return { label: "ratalake", program: await scriptProgram(script, folder, { args }) };
}

function peerSide(input: string, from: string | null): Side {
  return { label: "polars + delta-rs", program: peerProgram(input, PEER), work: { folder: PEER, from } };
}

async function peerTables(): Promise<string> {
  const { path } = await inputOf(BACKLOG);
  return await cachedFolder({
    name: `peer-${BACKLOG.join("-")}`,
    from: [PEER_SCRIPT, "tests/bench/bench_trains.ts", pythonPath()],
    make: async (folder) => void await measureProgram(peerProgram(path, folder)),
  });
}

function peerProgram(input: string, folder: string): Program {
  return { command: pythonPath(), args: [PEER_SCRIPT, input, folder] };
}

function importAlone({ withPeer }: Options): Side | undefined {
  const program = { command: pythonPath(), args: ["-c", PEER_IMPORTS] };
  return withPeer ? { label: IMPORT_ALONE, program } : undefined;
}

function worded(
  { messages, rows, sizeBytes }: {
    readonly messages: number;
    readonly rows: number;
    readonly sizeBytes: number;
  },
): string {
  const count = (number: number) => number.toLocaleString("en");
  const size = `${(sizeBytes / 1e6).toFixed(sizeBytes < 1e7 ? 1 : 0)} MB`;
  return `${count(messages)} messages, ${count(rows)} rows, ${size}`;
}
