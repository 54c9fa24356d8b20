/** What lies in data_files/example is what the code makes. */
import { assert, assertEquals, equal } from "@std/assert";
import { LocalStore, openTable, statsRows } from "../../lib/delta/mod.ts";
import { EXAMPLE_TABLES, makeExample } from "../../scripts/work/make_example.ts";

const EXAMPLE = new URL("../../data_files/example/", import.meta.url).pathname;
/** `git clone` takes them all. */
const MOST_BYTES = 1_000_000;

Deno.test("the example is what the code makes, byte by byte: pages, texts, tables and their logs", async () => {
  const fresh = `${await Deno.makeTempDir()}/`;
  await makeExample(fresh, new AbortController().signal);
  const kept = [...filesBelow(EXAMPLE)].map((path) => path.slice(EXAMPLE.length));
  const made = [...filesBelow(fresh)].map((path) => path.slice(fresh.length));
  const way = "`deno task example` makes it anew";
  assertEquals(made.sort(), kept.filter((path) => path !== "README.md").sort(), way);
  for (const path of made) {
    const [found, expected] = [fresh, EXAMPLE].map((folder) => Deno.readFileSync(folder + path));
    // Texts, so that a difference is shown; bytes are too many.
    if (/\.(?:json|txt)$/.test(path)) assertEquals(textOf(found), textOf(expected), `${path}; ${way}`);
    assert(equal(found, expected), `${path} is another one; ${way}`);
  }
  await Deno.remove(fresh, { recursive: true });
});

Deno.test("the tables of the example are whole", async () => {
  for (const path of EXAMPLE_TABLES) {
    const table = await openTable(new LocalStore(EXAMPLE + path), { clock: () => 0, ids: () => "unused" });
    for (const add of table.snapshot.files.values()) {
      assertEquals((await table.readRows(add)).length, statsRows(add), add.path);
    }
  }
});

Deno.test("the example is small, and nothing of a run that is not told lies there", () => {
  let bytes = 0;
  for (const path of filesBelow(EXAMPLE)) bytes += Deno.statSync(path).size;
  assert(bytes < MOST_BYTES, `${bytes} bytes`);
  assertEquals(Deno.readDirSync(EXAMPLE).map(({ name }) => name).toArray().sort(), [
    ...["README.md", "analysis_zone", "charts.html", "demo.txt", "line.svg"],
    ...["quality_zone", "quarantine_zone", "report.html", "standard_zone"],
  ]);
});

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesBelow(`${folder}${name}/`);
    else yield `${folder}${name}`;
  }
}
