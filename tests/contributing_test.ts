/** CONTRIBUTING must lead to what is there: its links, its test variables, its commands. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const GUIDE = await Deno.readTextFile(`${ROOT}/CONTRIBUTING.md`);
const TASKS: Readonly<Record<string, unknown>> =
  JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)).tasks;

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

Deno.test("every link of CONTRIBUTING leads to a file of the repository", async () => {
  const links = [...GUIDE.matchAll(/\]\(((?!https?:)[^)]+)\)/g)].map(([, path]) => path ?? "");
  for (const link of links) await Deno.stat(`${ROOT}/${link}`);
  assert(links.length > 30);
});

Deno.test("a newcomer finds at least twenty decisions, each in one place", () => {
  const answers = [...GUIDE.matchAll(/^\| [^|]+ \| \[?(?:`permissions`|[a-z])[^|]*\]\(([^)]+)\)/gm)].map((
    [, to],
  ) => to);
  assert(answers.length >= 20, `${answers.length} answers`);
  assertEquals(new Set(answers).size, answers.length);
});

Deno.test("every variable that makes a test longer is explained, and none that is not there", async () => {
  const used = new Set<string>();
  for await (const path of filesBelow(`${ROOT}/tests`)) {
    for (const [name] of (await Deno.readTextFile(path)).matchAll(/RATALAKE_[A-Z_]+/g)) used.add(name);
  }
  used.delete("RATALAKE_");
  const explained = new Set([...GUIDE.matchAll(/RATALAKE_[A-Z_]+/g)].map(([name]) => name));
  assertEquals([...explained].sort(), [...used].sort());
});

Deno.test("every task that CONTRIBUTING names exists", () => {
  const named = [...GUIDE.matchAll(/deno task ([a-z:]+)/g)].map(([, name]) => name ?? "");
  assertEquals(named.filter((name) => !(name in TASKS)), []);
});
