/** Mutated logs and checkpoints: a typed error or a table, never a hang, a crash or memory without bounds. */

import { assertEquals, assertStringIncludes } from "@std/assert";

const CASES = Deno.env.get("RATALAKE_FUZZ_CASES") ?? "20";
const FIRST_SEED = Deno.env.get("RATALAKE_FUZZ_SEED") ?? "1";
const PROCESS = new URL("./fuzz/fuzz_process.ts", import.meta.url).pathname;

/** How long a case that does not end is waited for: none takes a tenth of this, and nothing else depends on it. */
const HANG_MS = 20_000;

Deno.test(`${CASES} mutated tables from seed ${FIRST_SEED} on open or fail with a typed error`, async () => {
  const lines: string[] = [];
  const status = await run([CASES, FIRST_SEED], (line) => lines.push(line));
  const last = lines.findLast((line) => line.startsWith("case ")) ?? "no case";
  assertEquals(lines.filter((line) => line.startsWith("fault ")), []);
  assertEquals(status, "ended by itself", `at ${last}`);
  assertEquals(lines.filter((line) => line.startsWith("case ")).length, Number(CASES));
  // Damage that always shows, or never, would test nothing.
  const [outcomes = ""] = lines.filter((line) => line.startsWith("outcomes "));
  for (const outcome of ["read", "CorruptLogError"]) assertStringIncludes(outcomes, `"${outcome}"`);
});

async function run(args: readonly string[], take: (line: string) => void): Promise<string> {
  const flags = ["--quiet", "--no-prompt", "--allow-read", "--allow-env", "--allow-sys", "--allow-ffi"];
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, "--v8-flags=--max-old-space-size=1024", PROCESS, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // polars reports each panic that it turned into an error.
  const complaints = new Response(process.stderr).text();
  let isHanging = false;
  const stop = (): void => {
    isHanging = true;
    process.kill("SIGKILL");
  };
  let watchdog = setTimeout(stop, HANG_MS);
  let rest = "";
  for await (const chunk of process.stdout.pipeThrough(new TextDecoderStream())) {
    clearTimeout(watchdog);
    watchdog = setTimeout(stop, HANG_MS);
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  }
  clearTimeout(watchdog);
  const { success, code } = await process.status;
  return isHanging
    ? "killed, it did not move on"
    : success
    ? "ended by itself"
    : `ended with ${code}: ${(await complaints).slice(-3000)}`;
}
