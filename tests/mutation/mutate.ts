/**
 * `deno task mutate`: makes one small mistake at a time in the files that are named and lists those that no test
 * notices. Works on copies of the project; runs by hand, since it takes minutes to hours.
 */
import { parseArgs } from "@std/cli";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { applyMutant, findMutants, type Mutant } from "./find_mutants.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const USAGE = `Usage: deno task mutate [--sample N] [--seed N] [--jobs N] [--tests FOLDER,...] PATH...

Makes one mistake at a time in the files below PATH (lib/validate, lib/delta/log/commit.ts, ...), runs the file's own
test, those of the same folder and those of tests/quarantine, tests/report and tests/pipeline (for lib/delta:
tests/delta), and lists the mistakes that nobody noticed. A run that takes far too long counts as noticed and is told as "too slow". --tests names the folders
and files that are run after the file's own test instead of the others.
--sample takes so many of all mistakes (default 60), chosen by --seed; 0 takes all.
Exit codes: 0 at most one in ten was missed, 1 more were, 2 a wrong argument.`;

/** A mistake in a file. */
interface Candidate extends Mutant {
  readonly path: string;
}

/** How long a test run may take, as a multiple of the run without a mistake: a mistake may make it endless. */
const TIME_LIMIT_FACTOR = 5;
/** A busy machine is no mistake. */
const LEAST_TIME_LIMIT_SECONDS = 60;

/** What the tests said. */
type Verdict = "passed" | "failed" | "too slow";
const WORDS: Readonly<Record<Verdict, string>> = {
  passed: "MISSED  ",
  failed: "noticed ",
  "too slow": "too slow",
};

async function main(): Promise<number> {
  const flags = parseArgs(Deno.args, { string: ["sample", "seed", "jobs", "tests"], boolean: ["help"] });
  const paths = flags._.map(String);
  if (flags.help || paths.length === 0) {
    console.log(USAGE);
    return flags.help ? 0 : 2;
  }
  const candidates = choose(await findCandidates(paths), Number(flags.sample ?? 60), Number(flags.seed ?? 1));
  const jobs = Number(flags.jobs ?? 2);
  const folders = await Promise.all(Array.from({ length: jobs }, copyProject));
  const queue = [...candidates];
  const missed: Candidate[] = [];
  let [done, slow] = [0, 0];
  try {
    await Promise.all(folders.map(async (folder) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const verdict = await tryMutant(
          folder,
          next,
          flags.tests === undefined ? undefined : String(flags.tests).split(","),
        );
        if (verdict === "passed") missed.push(next);
        if (verdict === "too slow") slow++;
        const what = `${next.path}:${next.line}: ${next.change}`;
        console.log(`${++done}/${candidates.length} ${WORDS[verdict]} ${what}`);
      }
    }));
  } finally {
    for (const folder of folders) await Deno.remove(folder, { recursive: true });
  }
  console.log(
    `\n${missed.length} of ${candidates.length} mistakes were missed, ${slow} noticed by the clock alone`,
  );
  for (const { path, line, change } of missed.sort((a, b) => a.path < b.path ? -1 : a.line - b.line)) {
    console.log(`${path}:${line}: ${change}`);
  }
  return missed.length * 10 <= candidates.length ? 0 : 1;
}

async function findCandidates(paths: readonly string[]): Promise<readonly Candidate[]> {
  const files = (await Promise.all(paths.map(filesBelow))).flat().filter((path) => path.endsWith(".ts"));
  const found = await Promise.all(files.map(async (path) => {
    const text = await Deno.readTextFile(ROOT + path);
    return findMutants(text).map((mutant) => ({ ...mutant, path }));
  }));
  return found.flat();
}

async function filesBelow(path: string): Promise<readonly string[]> {
  if ((await Deno.stat(ROOT + path)).isFile) return [path];
  const found: string[] = [];
  for await (const { name } of Deno.readDir(ROOT + path)) found.push(...await filesBelow(`${path}/${name}`));
  return found.sort();
}

function choose(all: readonly Candidate[], sample: number, seed: number): readonly Candidate[] {
  if (sample === 0 || sample >= all.length) return all;
  const random = seededRandom(seed, 1);
  const chosen = all.map((candidate) => ({ candidate, place: random() })).sort((a, b) => a.place - b.place);
  return chosen.slice(0, sample).map(({ candidate }) => candidate);
}

async function copyProject(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "ratalake-mutate-" });
  await run("cp", [
    "-r",
    // The libraries too: scripts that a test starts may read them in the copy and not behind a link.
    ...["deno.json", "deno.lock", "lib", "scripts", "tests", "node_modules"].map((name) => ROOT + name),
    folder,
  ]);
  await run("cp", [
    "-r",
    ...["README.md", "CONTRIBUTING.md", "compose.yaml", "redpanda"].map((name) => ROOT + name),
    folder,
  ]);
  await Deno.mkdir(`${folder}/data_files`);
  return folder;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

const usualSeconds = new Map<string, number>();

/** What the tests say to the mistake in the copy: first the near ones, then the wide ones. */
async function tryMutant(folder: string, candidate: Candidate, tests?: readonly string[]): Promise<Verdict> {
  const file = `${folder}/${candidate.path}`;
  const text = await Deno.readTextFile(file);
  for (const group of testGroups(candidate.path, tests)) {
    const there = group.filter((path) => exists(ROOT + path));
    if (there.length === 0) continue;
    const key = there.join(" ");
    if (!usualSeconds.has(key)) usualSeconds.set(key, await timeTests(folder, there));
    await Deno.writeTextFile(file, applyMutant(text, candidate));
    const limit = Math.max(LEAST_TIME_LIMIT_SECONDS, (usualSeconds.get(key) ?? 60) * TIME_LIMIT_FACTOR);
    const verdict = await runTests(folder, there, limit);
    await Deno.writeTextFile(file, text);
    if (verdict !== "passed") return verdict;
  }
  return "passed";
}

/** The file's own test and those of the same place first, as they are quick; then those that go through everything. */
function testGroups(path: string, chosen?: readonly string[]): readonly (readonly string[])[] {
  const [, room = "", inner = ""] = path.split("/");
  const own = path.replace(/^lib/, "tests").replace(/\.ts$/, "_test.ts");
  if (chosen !== undefined) return [[own], chosen];
  if (room === "delta") return [[own], [`tests/delta/${inner}`], ["tests/delta"]];
  return [[own], [`tests/${room}`], ["tests/quarantine", "tests/report"], ["tests/pipeline"]];
}

/** How long the tests take without a mistake; what they say is shown, since none may fail. */
async function timeTests(folder: string, tests: readonly string[]): Promise<number> {
  const started = performance.now();
  const verdict = await runTests(folder, tests, 3600, "inherit");
  if (verdict !== "passed") throw new Error(`${tests.join(" ")} ${verdict} without any mistake`);
  return (performance.now() - started) / 1000;
}

async function runTests(
  folder: string,
  tests: readonly string[],
  maxSeconds: number,
  output: "inherit" | "null" = "null",
): Promise<Verdict> {
  const signal = AbortSignal.timeout(maxSeconds * 1000);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["test", "--quiet", "--no-check", "--no-prompt", "--fail-fast", "-P=test", ...tests],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: output,
    stderr: output,
    signal,
  });
  const { success } = await command.spawn().status;
  return success ? "passed" : signal.aborted ? "too slow" : "failed";
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.exit(await main());
