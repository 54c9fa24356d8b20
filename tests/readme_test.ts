/** The README must say what is: its commands exist and run, its links lead somewhere, its output is the real one. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";

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
  assertEquals(withoutNumbers(stdout), withoutNumbers(shown));
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

/** The demo runs on the time of day: counts, times and sizes change, and columns with them. */
function withoutNumbers(text: string): string {
  return text.replace(/\d[\d,.:TZ-]*(?: (?:kB|MB|B)\b)?/g, "N").replace(/[ \t]+/g, " ").replace(/ $/gm, "")
    .trim();
}
