/** Measures whole processes from a filled embedded broker to committed tables, beside a peer; see README.md here. */

import { parseArgs } from "@std/cli";
import { pythonPath, whyNoPython } from "../interop/python_venv.ts";
import { type BenchCase, type CaseResult, measureCase, publishInput, takeIn } from "./bench_case.ts";
import { describeSource, writeInput, writeNewerInput } from "./bench_input.ts";
import { type BenchResults, describeMachine, machineLine, showCase } from "./show_results.ts";

const USAGE =
  `Measures process and report on 639 and 12,780 trains, and again after 1 % of these was published anew.

  deno task bench [--full] [--profile] [--runs 5] [--no-peer]

  --full     63,900 trains as well (needs 4 GB of disk and some minutes)
  --profile  one more run of process per case under V8's CPU profiler
  --runs     runs of each program per case; the best and the median are shown (default 5; --full takes 3 at most)
  --no-peer  leave out python polars + deltalake`;
const FOLDER = "data_files/bench";
const REPUBLISHED = 128;

interface Request {
  readonly full: boolean;
  readonly profile: boolean;
  readonly runs: number;
  readonly noPeer: boolean;
}

await main();

async function main(): Promise<void> {
  const request = readArguments();
  if (request === null) return;
  await Deno.mkdir(`${FOLDER}/results`, { recursive: true });
  const noPeer = request.noPeer ? "--no-peer" : await whyNoPython(["polars", "deltalake", "pyarrow"]);
  const at = new Date().toISOString();
  const head = {
    at,
    machine: await describeMachine(),
    load: Deno.loadavg()[0] ?? 0,
    source: await describeSource(),
    peer: noPeer === undefined ? pythonPath() : `not measured: ${noPeer}`,
    runs: request.runs,
  };
  console.log(`${machineLine({ ...head, cases: [] })}\nInput: ${head.source}\nPeer: ${head.peer}\n`);
  const file = `${FOLDER}/results/${at.replaceAll(":", "-")}.json`;
  const cases: CaseResult[] = [];
  for await (const result of measureAll(request, noPeer === undefined)) {
    cases.push(result);
    console.log(`${showCase(result)}\n`);
    // After each case: a run that is cut short keeps what it has measured.
    const results: BenchResults = { ...head, cases };
    await Deno.writeTextFile(file, `${JSON.stringify(results, null, 2)}\n`);
  }
  console.log(`Written to ${file}${request.profile ? `; CPU profiles are in ${FOLDER}/profiles` : ""}`);
}

function readArguments(): Request | null {
  const flags = parseArgs(Deno.args, {
    boolean: ["full", "profile", "help", "peer"],
    negatable: ["peer"],
    string: ["runs"],
    default: { peer: true, runs: "5" },
  });
  const runs = Number(flags.runs);
  if (flags.help) {
    console.log(USAGE);
    return null;
  }
  if (!Number.isInteger(runs) || runs < 1 || runs > 100) {
    console.error(`Cannot use --runs "${flags.runs}": expected a whole number from 1 to 100`);
    Deno.exit(2);
  }
  return { full: flags.full === true, profile: flags.profile === true, runs, noPeer: flags.peer === false };
}

async function* measureAll(
  { full, profile, runs }: Request,
  withPeer: boolean,
): AsyncGenerator<CaseResult> {
  const options = { runs, withPeer, profileFolder: profile ? `${FOLDER}/profiles` : null };
  for (const trains of [639, 12_780]) {
    const prepared = await prepare(trains);
    yield await measureCase(prepared, options);
    if (trains === 12_780) yield await measureCase(await prepareNewer(prepared, trains, withPeer), options);
    await clear(prepared);
  }
  if (!full) return;
  const prepared = await prepare(63_900);
  yield await measureCase(prepared, { ...options, runs: Math.min(runs, 3) });
  await clear(prepared);
}

async function prepare(trains: number): Promise<BenchCase> {
  const folder = await emptyFolder(`broker-${trains}`);
  const peerFolder = await emptyFolder(`peer-${trains}`);
  const input = await writeInput({ folder: FOLDER, trains });
  await publishInput(folder, input);
  return { name: `${trains} trains`, input, folder, peerFolder };
}

/** Goes on from the tables that the first case makes. */
async function prepareNewer(base: BenchCase, of: number, withPeer: boolean): Promise<BenchCase> {
  await takeIn(base, withPeer);
  const input = await writeNewerInput({ folder: FOLDER, trains: REPUBLISHED, of });
  await publishInput(base.folder, input);
  return { ...base, name: `then ${REPUBLISHED} of one date again`, input };
}

async function emptyFolder(name: string): Promise<string> {
  const folder = `${FOLDER}/${name}`;
  await clear({ folder, peerFolder: folder });
  await Deno.mkdir(folder);
  return folder;
}

async function clear({ folder, peerFolder }: Pick<BenchCase, "folder" | "peerFolder">): Promise<void> {
  for (const path of [folder, peerFolder]) {
    await Deno.remove(path, { recursive: true }).catch((cause) => {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    });
  }
}
