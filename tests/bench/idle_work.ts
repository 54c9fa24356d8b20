/**
 * What two followers cost when nothing changes: `fetch --follow` asks a simulator whose clock stands still, and
 * `process --follow` waits. Their CPU is what Linux says of both processes. Prints one line of JSON as `measure_line.ts`
 * reads it.
 *
 * usage: idle_work.ts FOLDER TRAINS SECONDS
 */
import { setTimeout as sleep } from "node:timers/promises";
import { LocalStore, openTable } from "../../lib/delta/mod.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { startScript } from "../e2e/script_process.ts";
import { serveTrains } from "./serve_trains.ts";

/** Linux counts CPU in hundredths of a second, on every machine that Deno runs on. */
const TICKS_PER_SECOND = 100;
/** A minute after the first batch the analysis tables are brought forward. */
const CALM_MS = 90_000;
const LOOK_MS = 500;
const MOST_LOOKS = 120;

const [folder = "", trains = "1500", seconds = "60"] = Deno.args;
const NAMES = ["fetch", "process"] as const;

{
  await using simulator = await serveTrains(Number(trains));
  const env = { DATA_DIR: folder, DIGITRAFFIC_URL: simulator.url };
  const followers = await Promise.all(NAMES.map((name) => startScript(name, ["--follow"], env)));
  const outputs = followers.map(({ stdout, stderr }) => [stdout, stderr].map((each) => each.cancel()));
  await untilIngested();
  await sleep(CALM_MS);
  const before = await Promise.all(followers.map(cpuOf));
  const startMs = performance.now();
  await sleep(Number(seconds) * 1000);
  const wall = (performance.now() - startMs) / 1000;
  const after = await Promise.all(followers.map(cpuOf));
  for (const follower of followers) follower.kill("SIGTERM");
  await Promise.all([...followers.map(({ status }) => status), ...outputs.flat()]);
  const cpu = after.map((value, at) => value - (before[at] ?? NaN));
  const percent = (value: number) => `${(value / wall * 100).toFixed(2)} %`;
  const sum = cpu.reduce((total, value) => total + value, 0);
  const parts = NAMES.map((name, at) => `${name} ${percent(cpu[at] ?? NaN)}`).join(", ");
  await Deno.writeTextFile(`${folder}/idle.txt`, `${percent(sum)} of a core (${parts})`);
  console.log(JSON.stringify({ seconds: [wall], cpuSeconds: [sum], result: null }));
}

async function untilIngested(): Promise<void> {
  const store = new LocalStore(`${folder}/${TABLE_PATHS.standard}`);
  for (let look = 0; look < MOST_LOOKS; look++) {
    const files = await openTable(store).then(({ snapshot }) => snapshot.files.size, () => 0);
    if (files > 0) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`Cannot measure idle followers: found no row after ${MOST_LOOKS * LOOK_MS / 1000} s`);
}

/** Seconds of CPU of a process so far: fields 14 and 15 of `stat`, counted after the name, which may hold anything. */
async function cpuOf({ pid }: Deno.ChildProcess): Promise<number> {
  // Deno itself may read there with all rights alone.
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/stat`] }).output();
  const stat = new TextDecoder().decode(stdout);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
