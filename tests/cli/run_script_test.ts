/**
 * The host as a real process: standard streams, rights, signals and exit codes.
 * `run_command_test.ts` has the rest, in this process.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const PROBE = new URL("testdata/probe.ts", import.meta.url).href;
const RIGHTS: Deno.PermissionOptions = { run: [Deno.execPath()] };

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Deno.ChildProcess {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-env",
      "--allow-read=data_files,node_modules",
      PROBE,
      ...args,
    ],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  return command.spawn();
}

async function runToEnd(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return textOf(await start(args, env).output());
}

function textOf({ code, stdout, stderr }: Deno.CommandOutput) {
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Starts a script and sends it a signal after its first line, and again and again where it is to be insisted on. */
async function interrupt(act: string, { signal, insist = false }: {
  readonly signal: Deno.Signal;
  readonly insist?: boolean;
}) {
  await using child = start([act]);
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill(signal);
  const repeat = insist ? setInterval(() => killIfThere(child, signal), 20) : undefined;
  const { code } = await child.status;
  clearInterval(repeat);
  await reader.cancel();
  return { code, err: await errors };
}

/** It may have ended, and nobody has heard of that yet. */
function killIfThere(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

Deno.test({
  name: "results go to stdout, logs to stderr, and the exit code is the script's",
  permissions: RIGHTS,
  async fn() {
    const { code, out, err } = await runToEnd(["end", "--code=3"], { DATA_DIR: "d" });
    assertEquals([code, out], [3, "end in d\n"]);
    assertMatch(err, /Z info {4}probe: started\n/);
  },
});

Deno.test({
  name: "a failure ends with 1 and its causes in one line",
  permissions: RIGHTS,
  async fn() {
    const { code, err } = await runToEnd(["fail", "--log-level=error"]);
    assertEquals([code, err], [1, "probe: Cannot do it; because the reason\n"]);
  },
});

Deno.test({
  name: "a missing right is reported as the flag to add",
  permissions: RIGHTS,
  async fn() {
    const { code, err } = await runToEnd(["connect", "--log-level=error"]);
    assertEquals(code, 1);
    assertMatch(
      err,
      /^probe: Cannot connect to "127\.0\.0\.1:9": .* expected --allow-net=127\.0\.0\.1:9 .*\n$/,
    );
  },
});

Deno.test({
  name: "an error that is thrown in a callback ends the script in one line, too",
  permissions: RIGHTS,
  async fn() {
    const { code, err } = await runToEnd(["throwLater", "--log-level=error"]);
    assertEquals([code, err], [1, "probe: thrown in a callback\n"]);
  },
});

Deno.test({
  name: "a promise that nobody waits for ends the script like any other failure",
  permissions: RIGHTS,
  async fn() {
    const { code, err } = await runToEnd(["stray", "--log-level=error"]);
    assertEquals([code, err], [1, "probe: nobody waits\n"]);
  },
});

Deno.test({
  name: "a reader that goes away ends nothing but the output",
  permissions: RIGHTS,
  async fn() {
    await using child = start(["end", "--lines=100000", "--code=3"]);
    const errors = new Response(child.stderr).text();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    assert(value !== undefined);
    await reader.cancel();
    assertEquals((await child.status).code, 3);
    assertStringIncludes(await errors, "batch 1");
  },
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `${signal} lets the script end by itself, with exit code ${code}`,
    permissions: RIGHTS,
    ignore: Deno.build.os === "windows",
    async fn() {
      const result = await interrupt("wait", { signal });
      assertEquals(result.code, code);
      assertStringIncludes(result.err, `probe: stopped by ${signal}\n`);
    },
  });
}

Deno.test({
  name: "Ctrl-C ends at once what hears no signal, and later work hears it again",
  permissions: RIGHTS,
  ignore: Deno.build.os === "windows",
  async fn() {
    // Said in the midst of the work.
    await using child = start(["busy"]);
    const lines = child.stdout.pipeThrough(new TextDecoderStream());
    for await (const text of lines) if (text.includes("busy\n")) child.kill("SIGINT");
    await child.stderr.cancel();
    assertEquals((await child.status).code, 130);
    const later = await interrupt("busyOnce", { signal: "SIGTERM" });
    assertEquals([later.code, later.err.includes("probe: stopped by SIGTERM\n")], [143, true]);
  },
});

Deno.test({
  name: "a script that does not heed the first Ctrl-C ends at the second, at once",
  permissions: RIGHTS,
  ignore: Deno.build.os === "windows",
  async fn() {
    const result = await interrupt("hang", { signal: "SIGINT", insist: true });
    assertEquals(result.code, 130);
  },
});
