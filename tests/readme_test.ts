/** The README must say what is: its commands exist and run, its links lead somewhere, its output is the real one. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Option } from "../lib/cli/options.ts";
import { ANALYSIS_SCHEMAS } from "../lib/tables/analysis_schemas.ts";
import { SCRIPTS } from "../lib/cli/rights/script_table.ts";
import { SETTINGS } from "../lib/cli/settings.ts";
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { FEED_OPTIONS } from "../lib/cli/flags/feed_options.ts";
import { FETCH_OPTIONS, PROCESS_OPTIONS, REPORT_OPTIONS } from "../lib/cli/flags/script_options.ts";
import { RULES } from "../lib/quality/rules.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const README = await Deno.readTextFile(`${ROOT}/README.md`);
const { tasks: TASKS, permissions: SETS }: {
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
  readonly permissions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
} = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));

Deno.test("every task that the README names exists", () => {
  const named = [...README.matchAll(/(?:deno(?:@[\d.]+)?) task ([a-z:]+)/g)].map(([, name]) => name ?? "");
  assert(named.includes("demo") && named.includes("test"));
  assertEquals(named.filter((name) => !(name in TASKS)), []);
});

Deno.test("every link of the README leads to a file of the repository", async () => {
  const links = [...README.matchAll(/\]\(((?!https?:)[^)]+)\)/g)].map(([, path]) => path ?? "");
  for (const link of links) await Deno.stat(`${ROOT}/${link}`);
  assert(links.length > 10);
});

Deno.test("the README's first command prints what the README shows", async () => {
  const shown = /```\n(simulator {2}[\s\S]*?)```/.exec(README)?.[1] ?? "";
  const { code, stdout, stderr } = await run(["task", "--quiet", "demo"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(withoutChance(stdout), withoutChance(shown));
  await assertAnswers();
  await assertPictures();
});

/** What the README shows of the demo's tables, which are there now. */
async function assertAnswers(): Promise<void> {
  const [, section = ""] = /\n## Answers\n([\s\S]*?)\n## /.exec(README) ?? [];
  const shown = [...section.matchAll(/```sh\ndeno (task .*)\n```\n\n```\n([\s\S]*?)```/g)];
  assertEquals(shown.length, 3);
  for (const [, command = "", text] of shown) {
    const { code, stdout, stderr } = await run(command.replace("task", "task --quiet").split(" "));
    assertEquals([command, code, stderr, stdout], [command, 0, "", text]);
  }
}

/** The command of the pictures as the README writes it, but for where it reads and writes. */
async function assertPictures(): Promise<void> {
  const [, command = ""] = /```sh\ndeno (task charts .*) --out charts\.html\n```/.exec(README) ?? [];
  const folder = await Deno.makeTempDir(), path = `${folder}/charts.html`;
  const places = ["--data-dir", "data_files/demo", "--out", path];
  const { code, stdout, stderr } = await run([
    ...command.replace("task", "task --quiet").split(" "),
    ...places,
  ]);
  assertEquals([code, stderr, stdout.split("\n").filter((line) => line.startsWith("- ")).length], [0, "", 6]);
  assertEquals((await Deno.readTextFile(path)).match(/<figure/g)?.length, 6);
  await Deno.remove(folder, { recursive: true });
}

// Here, since tests of other files run at the same time, and there is one folder for the demo.
Deno.test("a second demo at the same time is refused, and the first one ends as if it were alone", async () => {
  await Deno.mkdir(`${ROOT}/data_files/demo`, { recursive: true });
  const path = `${ROOT}/data_files/demo/demo.lock`;
  const lock = await Deno.open(path, { read: true, write: true, create: true });
  assertEquals(await lock.tryLock(true), true);
  const second = await run(["task", "--quiet", "demo"]);
  lock.close();
  assertEquals(second.code, 2);
  assertStringIncludes(second.stderr, "found another demo at work there");
});

// That each script answers --help is held by e2e/rights_test.ts.
Deno.test("the commands of the README's table are tasks of scripts that the launcher knows", () => {
  const rows = [
    ...README.matchAll(
      /^\| `deno task (fetch|replay|backfill|process|report|status|analyse|punctuality|train|station|charts|sql|export|quarantine|reset|simulate|table|rights)\b/gm,
    ),
  ];
  assertEquals(rows.length, 18);
  for (const [, name = ""] of rows) {
    const start = name in SCRIPTS ? `scripts/launch.ts ${name}` : `scripts/${name}.ts`;
    assertEquals([name, TASKS[name]?.command.endsWith(` ${start}`)], [name, true]);
  }
});

Deno.test("the README's table of rights is that of deno.json", () => {
  const [, table = ""] = /\n\| script +\| reads .*\n.*\n((?:\|.*\n)+)/.exec(README) ?? [];
  const rows = table.trim().split("\n").map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
  const scripts = Object.entries(SETS).filter(([name]) => name === "launch" || name in SCRIPTS);
  const expected = scripts.map(([name, { read, write, net }]) => [
    name,
    listed(read, "nothing"),
    listed(write, "nothing"),
    listed(net, "none"),
  ]);
  assertEquals(rows.toSorted(), expected.toSorted());
});

Deno.test("the README's line with rights is the one that is printed, and its example is what it says", async () => {
  const [, settings = "", shown] =
    /```sh\n(\S+=\S+) deno task rights process\n```\n\n```\n(.*)\n```/.exec(README) ?? [];
  const [name = "", value = ""] = settings.split("=");
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "rights", "process"],
    cwd: ROOT,
    env: { NO_COLOR: "1", KAFKA_BROKER: "", [name]: value },
  });
  const { code, stdout } = await command.output();
  assertEquals([code, new TextDecoder().decode(stdout)], [0, `${shown}\n`]);
});

Deno.test("the README's table of exit codes is that of the scripts", () => {
  const [, table = ""] = /\n\| exit code .*\n.*\n((?:\|.*\n)+)/.exec(README) ?? [];
  const cells = table.trim().split("\n").map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
  assertEquals(cells, Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]));
});

Deno.test("the README's table of settings is that of the settings, with their defaults", () => {
  const [, table = ""] = /\n\| variable .*\n.*\n((?:\|.*\n)+)/.exec(README) ?? [];
  const cells = table.trim().split("\n").map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
  const shown = new Map(
    cells.flatMap(([names = "", defaults = ""]) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, variable = ""], at) => {
        const texts = [...defaults.matchAll(/`([^`]+)`/g)].map(([, text]) => text);
        return [variable, texts[at]] as const;
      })
    ),
  );
  const groups = [...Object.values(SETTINGS), FETCH_OPTIONS, FEED_OPTIONS, PROCESS_OPTIONS, REPORT_OPTIONS];
  const options = groups.flatMap((group) => Object.values<Option>(group)).filter(({ env }) =>
    env !== undefined
  );
  assertEquals([...shown.keys()].sort(), options.map((option) => option.env).sort());
  for (const option of options) {
    // Switches that are off are called off there.
    if (option.default !== undefined && option.value !== undefined) {
      assertEquals([option.env, shown.get(option.env ?? "")], [option.env, option.default]);
    }
  }
});

function listed(right: unknown, nothing: string): string {
  if (right === true) return "any file";
  return Array.isArray(right) ? right.map((place) => `${place}`.replace(/^\.\//, "")).join(", ") : nothing;
}

async function run(
  args: string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, env: { NO_COLOR: "1" } });
  const { code, stdout, stderr } = await command.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** All figures stand as they are but the port, milliseconds, and sizes, which follow from timings and ids. */
function withoutChance(text: string): string {
  // T5 is how long things took.
  return text.replace(/127\.0\.0\.1:\d+/g, "HOST").replace(/\.\d{3}Z/g, "Z").replace(/^T5 in all .*$/m, "T5")
    .replace(
      /[\d,]+ (?:kB|MB|B)$/gm,
      "SIZE",
    )
    .replace(/[ \t]+/g, " ").replace(/ $/gm, "").trim();
}

Deno.test({
  name: "the README's table of rules is the table of rules",
  permissions: { read: true, sys: true, ffi: true, env: true },
  fn() {
    const [, section = ""] = README.split("\n### Rules\n");
    const rows = (section.split("\n#")[0] ?? "").split("\n").filter((line) => /^\| [A-Z]\d/.test(line));
    assertEquals(
      rows.map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim())),
      RULES.map(({ id, severity, title, why }) => [id, severity, title, why]),
    );
  },
});

Deno.test("the README tells each column of the analysis tables, and no other", () => {
  for (const [table, { fields }] of Object.entries(ANALYSIS_SCHEMAS)) {
    const [, rows = ""] =
      new RegExp(`\\n\\| column of \`${table}\` .*\\n.*\\n((?:\\|.*\\n)+)`).exec(README) ?? [];
    const told = rows.split("\n").flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name ?? "")
    );
    assertEquals([table, told.toSorted()], [table, fields.map(({ name }) => name).toSorted()]);
  }
});
