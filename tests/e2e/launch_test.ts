/** The tasks as users type them: the launcher gives a script the rights its settings need, and is not to be noticed. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { FIRST_ROUND_MS } from "../pipeline/made_up_log.ts";
import { type Ended, endOf, runScript } from "./script_process.ts";

const ROOT = new URL("../../", import.meta.url);
const EMPTY = { NO_COLOR: "1", LOG_LEVEL: "warning", KAFKA_BROKER: "", DATA_DIR: "" };
const LAUNCH = ["run", "--quiet", "--no-prompt", "-P=launch", "scripts/launch.ts"];

type Env = Readonly<Record<string, string>>;

function start(args: readonly string[], env: Env = {}): Deno.ChildProcess {
  const options = {
    cwd: ROOT,
    env: { ...EMPTY, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  } as const;
  return new Deno.Command(Deno.execPath(), { args: [...args], ...options }).spawn();
}

function task(name: string, args: readonly string[], env: Env = {}): Promise<Ended> {
  return endOf(start(["task", "--quiet", name, ...args], env));
}

/** Runs a line as a person pastes it, with the deno of this test. */
function paste(line: string, env: Env = {}): Promise<Ended> {
  return runInShell(`deno() { "$DENO_OF_TEST" "$@"; }\n${line}`, env);
}

/** The arguments that deno gets when a person pastes the line. */
async function pastedArguments(line: string): Promise<readonly string[]> {
  const { out } = await runInShell(`deno() { printf '%s\\0' "$@"; }\n${line}`);
  return out.split("\0").slice(0, -1);
}

function runInShell(text: string, env: Env = {}): Promise<Ended> {
  const command = new Deno.Command("sh", {
    args: ["-c", text],
    cwd: ROOT,
    env: { ...EMPTY, ...env, DENO_OF_TEST: Deno.execPath() },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  return endOf(command.spawn());
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ratalake it's a " });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function serve() {
  return serveSimulator({ seed: 1, trains: 5, clock: () => FIRST_ROUND_MS });
}

/** Simulators by name, as a configuration has them: localhost. */
function byName(url: string): string {
  return url.replace("127.0.0.1", "localhost");
}

Deno.test("a lake, a log and a state elsewhere just work: relative, with blanks, behind a link, not there yet", async () => {
  await using simulator = serve();
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/disk`);
    await Deno.symlink("disk", `${folder}/link`);
    const up = ROOT.pathname.split("/").slice(2).map(() => "..").join("/");
    const lake = `${up}${folder}/link/new lake`;
    const env = {
      DATA_DIR: lake,
      BROKER_FILE: `${folder}/log/trains.db`,
      STATE_FILE: `${folder}/state.json`,
      DIGITRAFFIC_URL: byName(simulator.url),
    };
    const fetched = await task("fetch", [], env);
    assertEquals([fetched.code, fetched.err], [0, ""]);
    await Deno.writeTextFile(`${folder}/recording.json`, "[]");
    const replayed = await task("replay", [`${folder}/*.json`, "--json"], env);
    assertEquals([replayed.code, replayed.err], [1, ""], "the state is no recording, and is said to be none");
    const processed = await task("process", ["--json"], env);
    assertEquals([processed.code, processed.err, JSON.parse(processed.out).messages], [0, "", 5]);
    const reported = await task("report", ["--data-dir", lake], { DATA_DIR: "/nowhere" });
    assertEquals([reported.code, reported.err], [0, ""]);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, ["disk", "link", "log", "recording.json", "state.json"]);
    assertEquals([...Deno.readDirSync(`${folder}/disk/new lake`)].length, 5);
    const table = `${lake}/standard_zone/trains_travel`;
    // Of the verbs one that writes and one that reads.
    for (const [name, ...flags] of [["restore", "--to", "1"], ["show"]] as const) {
      // As the launcher starts it: the way through the launcher is that of the scripts above.
      const ended = await runScript("table", [name, table, ...flags], {});
      assertEquals([name, ended.code, ended.err], [name, 0, ""]);
    }
    const out = await task("table", ["cat", table, "--format", "csv", "--out", `${folder}/rows.csv`]);
    assertEquals([out.code, out.err], [0, ""]);
  });
});

Deno.test("brokers by name are reached, and what they answer is told", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let connections = 0;
  const hangUp = (async () => {
    for await (const connection of listener) {
      connections++;
      connection.close();
    }
  })();
  await withFolder(async (folder) => {
    const brokers = `localhost:${listener.addr.port},127.0.0.1:${listener.addr.port}`;
    const ended = await task("process", [], { DATA_DIR: folder, KAFKA_BROKER: brokers });
    assertEquals([ended.code, ended.out], [1, ""]);
    assertMatch(ended.err, /^process: Cannot connect to Kafka .*: the connection was closed/);
    assert(connections > 1);
  });
  listener.close();
  await hangUp;
});

Deno.test("the printed line does what the task does, from cron or a container, where no variable is set", async () => {
  await using simulator = serve();
  await withFolder(async (folder) => {
    const env = {
      DATA_DIR: `${folder}/lake`,
      DIGITRAFFIC_URL: byName(simulator.url),
      KAFKA_TOPIC: "trains",
      KEEP_FILES_HOURS: "5",
    };
    for (
      const [script, args] of [["fetch", ["--json"]], ["process", ["--json"]], ["report", [
        "--json",
      ]]] as const
    ) {
      const { code, out, err } = await task("rights", [script, ...args], env);
      assertEquals([code, err], [0, ""]);
      assertMatch(out, new RegExp(`^deno run --quiet --no-prompt -P=${script} .*\\n$`));
      assertEquals(out.includes("--keep-files-hours=5"), script === "process");
      const ended = await paste(out);
      assertEquals([script, ended.code, ended.err], [script, 0, ""]);
    }
    const reported = await task("report", ["--json"], env);
    assertEquals(JSON.parse(reported.out).run.account.landed, 5);
  });
});

Deno.test("secrets are in no line; the line says which variable it needs", async () => {
  const env = {
    KAFKA_BROKER: "localhost:1",
    KAFKA_SASL_MECHANISM: "plain",
    KAFKA_USERNAME: "u",
    KAFKA_PASSWORD: "s3cret-word",
  };
  const { code, out, err } = await task("rights", ["process"], env);
  assertEquals(code, 0);
  assertStringIncludes(err, "KAFKA_PASSWORD is not in the line");
  assertEquals((out + err).includes("s3cret-word"), false);
});

/** Flags of the variables that a test sets, in the order of `--help`. */
const FLAGS_OF: Readonly<Record<string, readonly (readonly [flag: string, variable: string])[]>> = {
  fetch: [["--digitraffic-url", "DIGITRAFFIC_URL"], ["--data-dir", "DATA_DIR"]],
  process: [["--data-dir", "DATA_DIR"]],
};

Deno.test("who starts a script without the launcher gets a line that works, word for word", async () => {
  await using simulator = serve();
  await withFolder(async (folder) => {
    const lake = `${folder}/lake`;
    const table = `${lake}/standard_zone/trains_travel`;
    await Deno.writeTextFile(`${folder}/empty.json`, "[]");
    // Those marked so run; of the others it is enough that `task` gets the words that were meant for the script.
    const tries: readonly (readonly [string, readonly string[], Env, "runs"?])[] = [
      ["fetch", ["--data-dir", lake], {}, "runs"],
      ["fetch", [], { DATA_DIR: lake, DIGITRAFFIC_URL: byName(simulator.url) }],
      ["replay", [`${folder}/empty.json`, "--data-dir", lake], {}],
      ["process", [], { DATA_DIR: lake }, "runs"],
      ["report", ["--data-dir", lake], {}],
      ["table", ["optimize", table, "--sort-by", "stationShortCode"], {}],
      [
        "table",
        ["cat", table, "--where", "type = 'ARRIVAL'", "--limit", "1", "--out", `${folder}/o.txt`],
        {},
        "runs",
      ],
    ];
    for (const [script, args, given, runs] of tries) {
      const env: Env = { DIGITRAFFIC_URL: byName(simulator.url), ...given };
      const direct = ["run", "--quiet", "--no-prompt", `-P=${script}`, `scripts/${script}.ts`];
      const refused = await endOf(start([...direct, ...args], env));
      assertEquals([refused.code, refused.out], [1, ""]);
      const [, line = ""] = /found no permission, expected to be started by: (.*)\n$/.exec(refused.err) ?? [];
      assertMatch(line, /^deno task /, refused.err);
      // What was set in the environment is in the line: nobody knows whether it will be set for the next command.
      const flags = FLAGS_OF[script] ?? [];
      const settings = flags.flatMap(([flag, name]) =>
        env[name] && !args.includes(flag) ? [flag, env[name]] : []
      );
      assertEquals(await pastedArguments(line), ["task", script, ...settings, ...args]);
      if (runs === undefined) continue;
      const ended = await paste(line, env);
      assertEquals([line, ended.code], [line, 0], ended.err);
    }
  });
});

Deno.test("a path that Deno can give no right to is refused in words", async () => {
  const ended = await task("process", [], { DATA_DIR: "a,b" });
  assertEquals([ended.code, ended.out], [2, ""]);
  assertMatch(ended.err, /^process: Cannot use "a,b": found a comma, expected .*\n$/);
});

Deno.test("a variable for the loader of programs, which Deno does not pass on, keeps nothing from starting", async () => {
  const ended = await task("report", ["--version"], { LD_LIBRARY_PATH: "/nowhere", LD_PRELOAD: "" });
  assertEquals([ended.code, ended.err], [0, ""]);
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test({
    name: `${signal} for the launcher is one for the script, and ends with ${code}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using child = start([...LAUNCH, "simulate", "--port", "0"]);
      const reader = child.stdout.getReader();
      await reader.read();
      child.kill(signal);
      assertEquals((await child.status).code, code);
      // The script held the other end too: it has gone.
      while (!(await reader.read()).done);
      await child.stderr.cancel();
    },
  });
}

Deno.test({
  name: "a script keeps its memory in two places, or in as many as somebody has set",
  ignore: Deno.build.os !== "linux",
  async fn() {
    for (const [given, expected] of [[{}, "2"], [{ MALLOC_ARENA_MAX: "7" }, "7"]] as const) {
      await using child = start([...LAUNCH, "simulate", "--port", "0"], given);
      const reader = child.stdout.getReader();
      await reader.read();
      const { stdout } = await new Deno.Command("cat", { args: [`/proc/${await onlyChild(child)}/environ`] })
        .output();
      const variables = new TextDecoder().decode(stdout).split("\0");
      assertEquals(variables.filter((each) => each.startsWith("MALLOC_")), [`MALLOC_ARENA_MAX=${expected}`]);
      child.kill("SIGTERM");
      while (!(await reader.read()).done);
      await Promise.all([child.status, child.stderr.cancel()]);
    }
  },
});

/** The process that another one has started. */
async function onlyChild({ pid }: Deno.ChildProcess): Promise<number> {
  const found = await new Deno.Command("pgrep", { args: ["-P", `${pid}`] }).output();
  return Number(new TextDecoder().decode(found.stdout).trim());
}

Deno.test({
  name: "a script that is killed ends the launcher with the code that shells give for it",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using child = start([...LAUNCH, "simulate", "--port", "0"]);
    const reader = child.stdout.getReader();
    await reader.read();
    Deno.kill(await onlyChild(child), "SIGKILL");
    assertEquals((await child.status).code, 137);
    while (!(await reader.read()).done);
    await child.stderr.cancel();
  },
});

Deno.test({
  name: "on a terminal the script is on the terminal too, behind task and launcher",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using simulator = serve();
    await withFolder(async (folder) => {
      const env = { DATA_DIR: `${folder}/lake`, DIGITRAFFIC_URL: simulator.url };
      assertEquals((await task("pipeline", [], env)).code, 0);
      const line = '"$DENO_OF_TEST" task --quiet report';
      const command = new Deno.Command("script", {
        args: ["-qec", line, "/dev/null"],
        cwd: ROOT,
        env: { ...EMPTY, ...env, NO_COLOR: "", TERM: "xterm", DENO_OF_TEST: Deno.execPath() },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      });
      const { code, out } = await endOf(command.spawn());
      assertEquals([code, out.includes("\u001b[")], [0, true]);
    });
  },
});
