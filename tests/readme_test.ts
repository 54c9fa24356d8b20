/** The README must say what is: its commands exist and run, its links lead somewhere, its output is the real one. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RULES } from "../lib/quality/rules.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const README = await Deno.readTextFile(`${ROOT}/README.md`);
const TASKS: Readonly<Record<string, unknown>> =
  JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)).tasks;

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
  const { code, stdout } = await run(["task", "--quiet", "demo"]);
  assertEquals(code, 0);
  assertEquals(withoutChance(stdout), withoutChance(shown));
});

Deno.test("the commands of the README's table answer --help", async () => {
  const rows = [...README.matchAll(/^\| `deno task (fetch|replay|process|report|simulate|table)\b/gm)];
  assertEquals(rows.length, 6);
  for (const [, name = ""] of rows) {
    const { code, stdout } = await run(["task", "--quiet", name, "--help"]);
    assertEquals([name, code], [name, 0]);
    assertStringIncludes(stdout, "Usage:");
  }
});

async function run(args: string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, env: { NO_COLOR: "1" } });
  const { code, stdout } = await command.output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

/** All figures stand as they are but the port, milliseconds, and sizes, which follow from timings and ids. */
function withoutChance(text: string): string {
  return text.replace(/127\.0\.0\.1:\d+/g, "HOST").replace(/\.\d{3}Z/g, "Z").replace(
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
