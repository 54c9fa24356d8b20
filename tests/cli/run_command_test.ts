import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { getLogger } from "@logtape/logtape";
import { z } from "zod";
import { Interruption } from "../../lib/cli/exit_code.ts";
import {
  type Call,
  environmentNames,
  type Host,
  runCommand,
  type Script,
} from "../../lib/cli/run_command.ts";
import { switchOption } from "../../lib/cli/options.ts";
import { VERSION } from "../../lib/cli/version.ts";

const OPTIONS = {
  json: switchOption("print JSON"),
  limit: {
    summary: "at most so many",
    value: "count",
    default: "5",
    expected: "a number",
    schema: z.coerce.number(),
  },
};

function scriptOf(run: (call: Call<typeof OPTIONS>) => Promise<number>): Script<typeof OPTIONS> {
  return {
    name: "probe",
    summary: "Does one thing.",
    example: "deno task probe --json",
    settings: ["tables"],
    options: OPTIONS,
    run,
  };
}

/** Runs a script in an invented process and gives back all that came out of it. */
async function runWith(script: Script<typeof OPTIONS>, part: Partial<Host> = {}) {
  let out = "";
  let err = "";
  const code = await runCommand(script, {
    args: [],
    env: {},
    signal: new AbortController().signal,
    writeOut: (text) => out += text,
    stderr: { isTerminal: false, colour: false, write: (text) => err += text },
    monotonic: () => 0,
    ...part,
  });
  return { code, out, err };
}

const idle = scriptOf(() => Promise.resolve(0));

Deno.test({
  name: "a script gets its configuration, flags and outlets, and its exit code is handed on",
  permissions: "none",
  async fn() {
    const script = scriptOf(({ config, flags, print }) => {
      print(`${config.dataDir} ${flags.json} ${flags.limit}`);
      return Promise.resolve(3);
    });
    const result = await runWith(script, { args: ["--json"], env: { DATA_DIR: "elsewhere" } });
    assertEquals(result, { code: 3, out: "elsewhere true 5\n", err: "" });
  },
});

Deno.test({
  name: "on a terminal the live line is gone before a result is printed, and comes back with the next batch",
  permissions: "none",
  async fn() {
    let screen = "";
    const script = scriptOf(({ print, progress }) => {
      progress.batchDone({ messages: 1, rows: 2 });
      print("result");
      progress.batchDone({ messages: 1, rows: 2 });
      return Promise.resolve(0);
    });
    const write = (text: string) => screen += text;
    await runWith(script, { writeOut: write, stderr: { isTerminal: true, colour: false, write } });
    const clear = "\r\x1b[K";
    const [first, second] = ["probe: 1 batch, 1 message, 2 rows", "probe: 2 batches, 2 messages, 4 rows"];
    assertEquals(screen, `${clear}${first}${clear}result\n${clear}${second}${clear}`);
  },
});

Deno.test({
  name: "--help shows usage, example, flags, variables and exit codes, whatever else is wrong",
  permissions: "none",
  async fn() {
    for (const flag of ["--help", "-h"]) {
      const { code, out, err } = await runWith(idle, { args: ["--nonsense", flag] });
      assertEquals([code, err], [0, ""]);
      for (
        const part of [
          "Does one thing.\n",
          "  deno task probe [flags]\n",
          "  deno task probe --json\n",
          "  --limit count ",
          "at most so many (default 5)",
          "  --data-dir folder ",
          "  DATA_DIR ",
          "  130  stopped by Ctrl-C",
        ]
      ) assertStringIncludes(out, part);
      assertFalse(out.includes("KAFKA"), "settings that are not offered are not shown");
      assert(out.split("\n").every((line) => line.length <= 100));
    }
  },
});

Deno.test({
  name: "--version shows the version; after -- it is a positional argument like any other",
  permissions: "none",
  async fn() {
    assertEquals(await runWith(idle, { args: ["--version"] }), {
      code: 0,
      out: `ratalake ${VERSION}\n`,
      err: "",
    });
    const { code, err } = await runWith(idle, { args: ["--", "--version"] });
    assertEquals(code, 2);
    assertMatch(err, /^probe: Cannot use "--version": found a positional argument/);
  },
});

Deno.test({
  name: "a wrong flag ends with 2 before the script has begun",
  permissions: "none",
  async fn() {
    const script = scriptOf(() => Promise.reject(new Error("has begun")));
    const { code, out, err } = await runWith(script, { args: ["--jsno"] });
    assertEquals([code, out], [2, ""]);
    assertMatch(err, /^probe: Cannot use "--jsno": unknown flag, did you mean "--json"\?\n/);
  },
});

Deno.test({
  name: "a failure ends with 1 and one line on stderr, with stacks only at level debug",
  permissions: "none",
  async fn() {
    const script = scriptOf(() => Promise.reject(new Error("Cannot go on")));
    assertEquals(await runWith(script), { code: 1, out: "", err: "probe: Cannot go on\n" });
    assertStringIncludes((await runWith(script, { args: ["--log-level", "debug"] })).err, "    at ");
    assertStringIncludes((await runWith(script, { env: { LOG_LEVEL: "debug" } })).err, "    at ");
  },
});

Deno.test({
  name: "where log lines are JSON, the last word is too: a line for each fault, whoever asked for it",
  permissions: "none",
  async fn() {
    const linesOf = (err: string) => err.trimEnd().split("\n").map((line) => JSON.parse(line));
    const failing = scriptOf(() => Promise.reject(new Error("no {luck}", { cause: new Error("a\nb") })));
    for (
      const part of [{ env: { LOG_FORMAT: "json" } }, { args: ["--log-format=json"] }, {
        args: ["--log-format", "json"],
        env: { LOG_FORMAT: "human" },
      }]
    ) {
      const [line, ...more] = linesOf((await runWith(failing, part)).err);
      assertEquals([line.level, line.area, line.message, more], [
        "error",
        "probe",
        "no {luck}; because a b",
        [],
      ]);
    }
    const wrong = await runWith(idle, {
      args: ["--limmit", "--log-format", "json"],
      env: { LOG_FORMAT: "human" },
    });
    assertEquals(linesOf(wrong.err).map(({ message }) => message), [
      'Cannot use "--limmit": unknown flag, did you mean "--limit"?',
      "see --help for all flags and variables",
    ]);
    const plain = await runWith(idle, {
      args: ["--limmit", "--log-format", "human"],
      env: { LOG_FORMAT: "json" },
    });
    assertMatch(plain.err, /^probe: /);
    const deep = await runWith(failing, { env: { LOG_FORMAT: "json", LOG_LEVEL: "debug" } });
    assertEquals(linesOf(deep.err).map(({ level }) => level), ["error", "debug"]);
  },
});

Deno.test({
  name: "a script that throws before it returns a promise is caught as well",
  permissions: "none",
  async fn() {
    const script = scriptOf(() => {
      throw new Error("at once");
    });
    assertEquals((await runWith(script)).code, 1);
  },
});

Deno.test({
  name: "an interrupted script ends with 130, whether it returns or throws",
  permissions: "none",
  async fn() {
    const interrupt = (end: (signal: AbortSignal) => Promise<number>) => {
      const controller = new AbortController();
      const script = scriptOf(({ signal }) => {
        controller.abort(new Interruption("SIGINT"));
        return end(signal);
      });
      return runWith(script, { signal: controller.signal });
    };
    assertEquals(await interrupt(() => Promise.resolve(0)), { code: 130, out: "", err: "" });
    const thrown = await interrupt((signal) =>
      Promise.reject(new Error("socket closed", { cause: signal.reason }))
    );
    assertEquals(thrown, { code: 130, out: "", err: "probe: stopped by SIGINT\n" });
    assertEquals((await interrupt(() => Promise.resolve(1))).code, 1, "what failed before, failed");
  },
});

Deno.test({
  name: "log lines go to stderr and the live line is taken away before the last word",
  permissions: "none",
  async fn() {
    const script = scriptOf(({ progress }) => {
      progress.batchDone({ messages: 1, rows: 2 });
      getLogger(["ratalake", "probe"]).warn("look");
      return Promise.reject(new Error("Cannot go on"));
    });
    let err = "";
    const stderr = { isTerminal: true, colour: false, write: (text: string) => void (err += text) };
    await runWith(script, { stderr });
    const live = "probe: 1 batch, 1 message, 2 rows";
    const clear = "\r\x1b[K";
    const [shown, log, end] = err.split(clear).slice(1);
    assertEquals(shown, live);
    assertMatch(log ?? "", new RegExp(`^\\d\\d:\\d\\d:\\d\\dZ warning probe: look\n${live}$`));
    assertEquals(end, "probe: Cannot go on\n");
  },
});

Deno.test({
  name: "a script reads no variable that its help does not name",
  permissions: "none",
  fn: () => assertEquals(environmentNames(idle), ["DATA_DIR", "LOG_FORMAT", "LOG_LEVEL"]),
});

Deno.test({
  name: "commands that a text, a log line or an error advises lead to the tables that the run was given",
  permissions: "none",
  async fn() {
    const script = scriptOf(({ print, completeCommands }) => {
      print(completeCommands("see `deno task report`"));
      getLogger(["ratalake", "probe"]).warn("see {what}", { what: "`deno task process`" });
      return Promise.reject(new Error("Cannot probe: run `deno task reset`, then `deno task fetch`"));
    });
    for (const format of ["human", "json"]) {
      const args = ["--data-dir", "a lake", "--log-format", format];
      const { out, err } = await runWith({ ...script, name: "process" }, { args });
      assertEquals(out, "see `deno task report --data-dir 'a lake'`\n");
      for (const task of ["process", "reset", "fetch"]) {
        assertStringIncludes(err, `\`deno task ${task} --data-dir 'a lake'\``);
      }
    }
  },
});

Deno.test("on a terminal what is long is folded to its width, and elsewhere a line stays a line", async () => {
  const long = "one two three four five six seven";
  const script = scriptOf(({ print, forPeople }) => {
    print(forPeople(long));
    getLogger(["ratalake", "probe"]).warn(long);
    throw new Error(long);
  });
  const terminal = (err: string[]) => ({
    outColumns: 20,
    stderr: { isTerminal: true, columns: 30, colour: false, write: (text: string) => void err.push(text) },
  });
  const written: string[] = [];
  const { out } = await runWith(script, terminal(written));
  assertEquals(out, "one two three four\n  five six seven\n");
  const [warning = "", failure] = written.join("").split(/(?=probe: one)(?<=\n)/);
  assertEquals(failure, "probe: one two three four five\n  six seven\n");
  assertEquals(warning.trimEnd().split("\n").slice(1), ["  two three four five six", "  seven"]);
  const plain = await runWith(script);
  assertEquals([plain.out, plain.err.split("\n").length], [`${long}\n`, 3]);
  const json: string[] = [];
  await runWith(script, { ...terminal(json), args: ["--log-format", "json"] });
  assertEquals(json.map((line) => JSON.parse(line).message), [long, long]);
});
