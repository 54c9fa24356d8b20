import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../../", import.meta.url).pathname;
const FOLDER = Deno.makeTempDirSync();
const RIGHTS = { run: [Deno.execPath()], read: [FOLDER], write: [FOLDER] };

globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

/** A script as a process of its own, with no more rights than its permission set has, in a folder of the test. */
function command(script: string, args: readonly string[], rights: readonly string[] = []): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    cwd: ROOT,
    args: [
      "run",
      "--quiet",
      `--allow-read=${FOLDER},./node_modules`,
      `--allow-write=${FOLDER}`,
      "--allow-net=127.0.0.1",
      "--allow-env",
      "--allow-sys=hostname",
      ...rights,
      `scripts/${script}.ts`,
      ...args,
    ],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(script: string, ...args: readonly string[]): Promise<Ended> {
  const { code, stdout, stderr } = await command(script, args).output();
  const utf8 = new TextDecoder();
  return { code, out: utf8.decode(stdout).trim(), err: utf8.decode(stderr).trim() };
}

/** Reads until the pattern is there and gives its first group. */
async function waitFor(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`Cannot find ${pattern} in ${JSON.stringify(text)}`);
}

Deno.test({
  name: "the simulator serves, fetch publishes what is new, and Ctrl-C ends the simulator with 130",
  permissions: RIGHTS,
  fn: async () => {
    await using simulator = command("simulate", [
      "--port",
      "0",
      "--trains",
      "50",
      "--at",
      "2025-02-17T04:21:00Z",
      "--speed",
      "0",
    ])
      .spawn();
    const url = await waitFor(simulator.stdout, /^DIGITRAFFIC_URL=(\S+)\n/m);
    const data = ["--data-dir", `${FOLDER}/fetch`, "--digitraffic-url", url];
    const first = await run("fetch", ...data);
    assertMatch(first.out, /^Fetched 50 trains: 50 published \(\d+ kB\), 0 unchanged; \d+\.\d s$/);
    assertEquals([first.code, first.err], [0, ""]);
    const second = await run("fetch", ...data, "--json");
    const { durationSeconds: _, broker, ...counts } = JSON.parse(second.out);
    assertEquals(counts, {
      fetched: 50,
      published: 0,
      unchanged: 50,
      older: 0,
      unpublished: 0,
      sizeBytes: 0,
      topic: "digitraffic_live_trains",
    });
    assertStringIncludes(broker, `${FOLDER}/fetch`);
    simulator.kill("SIGINT");
    assertEquals((await simulator.status).code, 130);
    await simulator.stderr.cancel();
  },
});

Deno.test({
  name: "replay publishes what is whole, names what is broken, and ends with 1",
  permissions: RIGHTS,
  fn: async () => {
    Deno.writeTextFileSync(`${FOLDER}/a.json`, '[{"trainNumber":1},2]');
    Deno.writeTextFileSync(`${FOLDER}/b.ndjson`, "1\n2\n{\n");
    const { code, out, err } = await run("replay", "--data-dir", `${FOLDER}/replay`, `${FOLDER}/*.*json`);
    assertEquals(code, 1);
    assertEquals(out, "Published 2 trains from 1 complete file; 1 broken file skipped");
    assertStringIncludes(err, `${FOLDER}/a.json: 2 trains, 18 B`);
    assertStringIncludes(err, `Cannot read recording "${FOLDER}/b.ndjson": line 3: found no JSON`);
  },
});

Deno.test({
  name: "wrong arguments are reported together and nothing is done",
  permissions: RIGHTS,
  fn: async () => {
    const replay = await run("replay", "--fetched-at", "yesterday", "--data-dir", `${FOLDER}/never`);
    assertEquals([replay.code, replay.out], [2, ""]);
    assertStringIncludes(replay.err, 'Cannot use "--fetched-at": found "yesterday"');
    assertStringIncludes(replay.err, '"file...": found 0, expected at least 1');
    const simulate = await run("simulate", "--speed", "-1", "--port", "99999");
    assertEquals(simulate.code, 2);
    assertStringIncludes(simulate.err, 'Cannot use "--port": found "99999"');
    assert(![...Deno.readDirSync(FOLDER)].some(({ name }) => name === "never"));
  },
});

Deno.test({
  name: "a port that is taken is named",
  permissions: { ...RIGHTS, net: ["127.0.0.1"] },
  fn: async () => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { code, err } = await run("simulate", "--port", String(taken.addr.port));
    assertEquals(code, 2);
    assertStringIncludes(err, `Cannot serve on "127.0.0.1:${taken.addr.port}"`);
    assertStringIncludes(err, "--port and --mqtt-port name others");
  },
});
