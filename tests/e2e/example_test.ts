/** What lies in data_files/example is what the code makes. */
import { assert, assertEquals } from "@std/assert";
import { LocalStore, openTable, statsRows } from "../../lib/delta/mod.ts";
import { EXAMPLE_TABLES, makeExample } from "../../scripts/work/demo/make_example.ts";

const EXAMPLE = new URL("../../data_files/example/", import.meta.url).pathname;
/** `git clone` takes them all. */
const MOST_BYTES = 1_000_000;

Deno.test("the example output is what the code makes: page, text and each row of the tables", async () => {
  const fresh = await Deno.makeTempDir();
  await makeExample(fresh, new AbortController().signal);
  for (const name of ["demo.txt", "report.html", "charts.html", "line.svg"]) {
    const [made, kept] = [fresh, EXAMPLE].map((folder) => Deno.readTextFileSync(`${folder}/${name}`));
    assertEquals([name, withoutSizes(made ?? "")], [name, withoutSizes(kept ?? "")]);
  }
  for (const path of EXAMPLE_TABLES) {
    const [made, kept] = await Promise.all([fresh, EXAMPLE].map((folder) => rowsOf(`${folder}/${path}`)));
    assertEquals([path, made], [path, kept]);
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

/** Files are staged side by side: which id comes first, and the order of maps, is chance, and some bytes follow it. */
function withoutSizes(text: string): string {
  return text.replace(/[\d,]+ (?:kB|MB|B)\b/g, "SIZE");
}

async function rowsOf(path: string): Promise<readonly string[]> {
  const table = await openTable(new LocalStore(path), { clock: () => 0, ids: () => "unused" });
  const rows: string[] = [];
  for (const add of table.snapshot.files.values()) {
    for (const row of await table.readRows(add)) rows.push(JSON.stringify(row, inOrder));
  }
  return rows.sort();
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  const isMap = Array.isArray(value) && value.length > 0 && value.every((entry) => "key" in Object(entry));
  return isMap ? value.toSorted((a, b) => `${a.key}` < `${b.key}` ? -1 : 1) : value;
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesBelow(`${folder}${name}/`);
    else yield `${folder}${name}`;
  }
}
