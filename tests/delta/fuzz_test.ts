/** Mutated logs and checkpoints: a typed error or a table, never a hang, a crash or memory without bounds. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const SECONDS = Deno.env.get("RATALAKE_FUZZ_SECONDS") ?? (Deno.env.get("CI") === "true" ? "60" : "3");
const FIRST_SEED = Deno.env.get("RATALAKE_FUZZ_SEED") ?? "1";
const PROCESS = new URL("./fuzz/fuzz_process.ts", import.meta.url).pathname;

/** No case takes a tenth of this. */
const HANG_MS = 20_000;

Deno.test(`for ${SECONDS} seconds from seed ${FIRST_SEED}, a mutated table opens or fails with a typed error`, async () => {
  const lines: string[] = [];
  const status = await run([SECONDS, FIRST_SEED], (line) => lines.push(line));
  const last = lines.findLast((line) => line.startsWith("case ")) ?? "no case";
  assertEquals(lines.filter((line) => line.startsWith("fault ")), []);
  assertEquals(status, "ended by itself", `at ${last}`);
  assert(lines.length > 20, `only ${lines.length} cases`);
  // Damage that always shows, or never, would test nothing.
  const [outcomes = ""] = lines.filter((line) => line.startsWith("outcomes "));
  console.log(`${lines.length} mutated tables, ${outcomes}`);
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
