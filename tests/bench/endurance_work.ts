/**
 * Whether hours of batches leave a trace: 100 changed trains a second, ten batches of them, for as long as is asked.
 * Every minute one line: batches so far, memory of the follower, what opening the standard table takes, and its log.
 *
 * usage: deno run -P=bench tests/bench/endurance_work.ts FOLDER SECONDS
 */
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { startScript } from "../e2e/script_process.ts";
import { publishChanges, publishTrains } from "./publish_changes.ts";

const OPENINGS = 5;
const EVERY_MS = 60_000;

const [folder = "", seconds = "600"] = Deno.args;
const standard = `${folder}/${TABLE_PATHS.standard}`;

{
  await using broker = await openEmbeddedBroker({ path: `${folder}/broker.db`, clock: Date.now });
  const trains = await publishTrains(broker);
  const follower = await startScript("process", ["--follow", "--max-age", "100ms"], { DATA_DIR: folder });
  const outputs = [follower.stdout, follower.stderr].map((each) => each.cancel());
  const startMs = performance.now();
  const timer = setInterval(async () => console.log(await lineOf(follower.pid, startMs)), EVERY_MS);
  await publishChanges(broker, trains, Number(seconds));
  clearInterval(timer);
  console.log(await lineOf(follower.pid, startMs));
  follower.kill("SIGTERM");
  await Promise.all([follower.status, ...outputs]);
}

async function lineOf(pid: number, startMs: number): Promise<string> {
  const times: number[] = [];
  let version = 0, files = 0;
  for (let opening = 0; opening < OPENINGS; opening++) {
    const openedMs = performance.now();
    const { snapshot } = await openTable(standard);
    times.push(performance.now() - openedMs);
    ({ version, files: { size: files } } = snapshot);
  }
  const status = await said("cat", [`/proc/${pid}/status`]);
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
  const [, peak] = /VmHWM:\s+(\d+)/.exec(status) ?? [];
  const log = (await said("ls", [`${standard}/_delta_log`])).trim().split("\n").length;
  return [
    `${((performance.now() - startMs) / 1000).toFixed(0)} s`,
    `${version} commits`,
    `memory ${(Number(kilobytes) / 1000).toFixed(0)} MB, at most ${(Number(peak) / 1000).toFixed(0)} MB`,
    `open ${Math.min(...times).toFixed(1)} ms`,
    `${files} files`,
    `${log} in the log`,
  ].join(", ");
}

async function said(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, { args: [...args] }).output();
  return new TextDecoder().decode(stdout);
}
