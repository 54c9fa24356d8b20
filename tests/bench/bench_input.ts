/** Input files of the benchmark, filled brokers and filled lakes, each made once for as long as it would be the same. */

import { RECORDING } from "../interop/shared_data.ts";
import { BENCH_FOLDER, cachedFolder } from "./bench_cache.ts";
import { TRAIN_LINES } from "./bench_trains.ts";
import { runScript } from "./bench_script.ts";
import { serveTrains } from "./serve_trains.ts";

/** Messages as JSON lines in a file. */
export interface BenchInput {
  readonly path: string;
  readonly messages: number;
  readonly rows: number;
  readonly sizeBytes: number;
}

/** Which lines: a maker of {@linkcode TRAIN_LINES} with its arguments. */
export type InputName = readonly [maker: keyof typeof TRAIN_LINES, ...counts: number[]];

/** When the messages were made: after all their times, as the report would count a future otherwise. */
export const FETCHED_AT = "2026-01-01T00:00:00Z";
const CHUNK_CHARACTERS = 4_000_000;
const MADE_OF = [
  "tests/bench/bench_trains.ts",
  "tests/bench/bench_input.ts",
  "lib/simulator",
  RECORDING.path,
];
const PRODUCT = ["lib", "scripts", "deno.lock"];
const HISTORY_SCRIPT = "tests/bench/history_work.ts";

/** The file with these lines. */
export async function inputOf(name: InputName): Promise<BenchInput> {
  const folder = await cachedFolder({
    name: name.join("-"),
    from: MADE_OF,
    make: async (folder) => {
      const input = await writeLines(`${folder}/trains.ndjson`, linesOf(name));
      await Deno.writeTextFile(`${folder}/input.json`, JSON.stringify(input));
    },
  });
  return JSON.parse(await Deno.readTextFile(`${folder}/input.json`));
}

/** A folder whose broker holds the messages and whose tables are not there. */
export async function brokerOf(name: InputName, partitions = 3): Promise<string> {
  const input = await inputOf(name);
  return await cachedFolder({
    name: `broker-${name.join("-")}-partitions-${partitions}`,
    from: [...MADE_OF, ...PRODUCT],
    make: (folder) => publish(folder, input, partitions),
  });
}

/** 90 days of which the simulator has archives at the time of the recording, and trains of each. */
export const PAST = {
  days: 90,
  trains: 1500,
  args: ["--archives", "--from", "2024-11-03", "--to", "2025-01-31"],
};

/** A folder whose broker holds all trains of past days, as `backfill` publishes them. */
export async function backfilledBroker(): Promise<string> {
  return await cachedFolder({
    name: `broker-backfill-${PAST.days}-${PAST.trains}`,
    from: [...MADE_OF, ...PRODUCT, "tests/bench/serve_trains.ts"],
    make: async (folder) => {
      await using simulator = await serveTrains(PAST.trains, { isWorld: true });
      await runScript("backfill", folder, { args: PAST.args, env: { DIGITRAFFIC_URL: simulator.url } });
    },
  });
}

/** A folder whose tables hold all that its broker has; then another input may wait in the broker. */
export async function lakeOf(name: InputName, waiting?: InputName): Promise<string> {
  const broker = await brokerOf(name);
  return await cachedFolder({
    name: `lake-${[...name, ...waiting ?? []].join("-")}`,
    from: [...MADE_OF, ...PRODUCT],
    make: async (folder) => {
      await copyFolder(broker, folder);
      await runScript("process", folder);
      if (waiting !== undefined) await publish(folder, await inputOf(waiting));
    },
  });
}

/** The same tables after so many runs. */
export async function agedLakeOf(name: InputName, runs: number): Promise<string> {
  const lake = await lakeOf(name);
  return await cachedFolder({
    name: `lake-${name.join("-")}-runs-${runs}`,
    from: [...MADE_OF, ...PRODUCT, HISTORY_SCRIPT],
    make: async (folder) => {
      await copyFolder(lake, folder);
      const flags = ["run", "--quiet", "--no-prompt", "-P=bench"];
      await output(Deno.execPath(), [...flags, HISTORY_SCRIPT, folder, String(runs)]);
    },
  });
}

/** A clean copy on disk, so that a run does not wait for the writing of what it reads. */
export async function copyFolder(from: string | null, to: string): Promise<void> {
  await output("rm", ["-rf", to]);
  await Deno.mkdir(to, { recursive: true });
  if (from !== null) await output("cp", ["-r", `${from}/.`, to]);
  await output("sync", []);
}

/** Where programs work, by whose it is. */
export function workFolder(whose: string): string {
  return `${BENCH_FOLDER}/work/${whose}`;
}

async function publish(folder: string, input: BenchInput, partitions = 3): Promise<void> {
  const env = { KAFKA_PARTITIONS: String(partitions) };
  await runScript("replay", folder, { args: ["--fetched-at", FETCHED_AT, input.path], env });
}

async function output(command: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

function linesOf([maker, ...counts]: InputName): AsyncIterable<string> | Iterable<string> {
  const make: (...counts: number[]) => AsyncIterable<string> | Iterable<string> = TRAIN_LINES[maker];
  return make(...counts);
}

async function writeLines(
  path: string,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<BenchInput> {
  using file = await Deno.create(path);
  const sums = { messages: 0, rows: 0, sizeBytes: 0 };
  const encoder = new TextEncoder();
  let text = "";
  const write = () => {
    const bytes = encoder.encode(text);
    text = "";
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  };
  for await (const line of lines) {
    sums.messages++;
    // Every row, and nothing else, has this key.
    sums.rows += line.split('"scheduledTime":').length - 1;
    // The bytes of the message; the line's end is none of it.
    sums.sizeBytes += encoder.encode(line).length;
    text += `${line}\n`;
    if (text.length >= CHUNK_CHARACTERS) write();
  }
  write();
  return { path, ...sums };
}
