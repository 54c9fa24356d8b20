/** The page with the same questions in several languages: each block runs as it stands, and all answers agree. */
import { assertEquals, assertGreater } from "@std/assert";
import { runPython, whyNoPython } from "./python_venv.ts";
import { fetchSparkJars, whyNoSpark } from "./spark_jars.ts";
import { testUnless } from "./test_unless.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const ENGINES = ["polars", "DuckDB", "Spark"] as const;
const reason = await whyNoPython(["polars", "deltalake", "duckdb", "duckdb_extensions", "pyspark"]) ??
  await whyNoSpark();

interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

type Answers = Readonly<Record<typeof ENGINES[number], readonly (Answer | null)[]>>;

testUnless(reason, {
  name:
    "of each question of data_files/README.md all languages give the same answer, on the tables of the demo",
  fn: async (t) => {
    const jars = await fetchSparkJars();
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "demo"],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 0);
    const sections = readSections(await Deno.readTextFile(`${ROOT}data_files/README.md`));
    const blocks = await Deno.makeTempFile();
    const byEngine = ENGINES.map((engine) => [engine, sections.map(({ code }) => code[engine])] as const);
    await Deno.writeTextFile(blocks, JSON.stringify(Object.fromEntries(byEngine)));
    const answers = await runPython<Answers>("ask_questions.py", [blocks, jars]);
    await Deno.remove(blocks);
    for (const [at, { title, code }] of sections.entries()) {
      const [polars, duckdb, spark] = ENGINES.map((engine) => answers[engine][at]);
      if (at === 0) {
        assertEquals([polars, duckdb, spark], [null, null, null], "the first blocks only open the tables");
        continue;
      }
      const sql = code.deno === undefined ? polars : await askSql(code.deno);
      await t.step(title, () => {
        assertGreater(polars?.rows.length ?? 0, 0);
        assertEquals({ duckdb, spark, sql }, { duckdb: polars, spark: polars, sql: polars });
      });
    }
  },
});

interface Section {
  readonly title: string;
  /** For `deno task sql` where it is one question there. */
  readonly code: Readonly<Record<typeof ENGINES[number], string>> & { readonly deno: string | undefined };
}

/** The tables first, then the questions; what a block is in, its first line says. */
function readSections(page: string): readonly Section[] {
  const [, part = ""] = page.split("\n## The same questions in other languages\n");
  return part.split("\n### ").map((section) => {
    const blocks = [...section.matchAll(/^```(?:python|sql)\n(?:#|--) (\w+)\n([\s\S]*?)^```$/gm)];
    const of = (engine: string) => {
      const found = blocks.filter(([, name]) => name === engine);
      assertEquals(found.length, 1, `blocks in ${engine} of ${section.split("\n")[0]}`);
      return found[0]?.[2] ?? "";
    };
    const code = { polars: of("polars"), DuckDB: of("DuckDB"), Spark: of("Spark") };
    const deno = blocks.find(([, name]) => name === "deno")?.[2];
    return { title: section.split("\n")[0] ?? "", code: { ...code, deno } };
  });
}

async function askSql(question: string): Promise<Answer> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "sql", "--data-dir", "data_files/demo", "--format", "json", question],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  const found: readonly Readonly<Record<string, unknown>>[] = JSON.parse(new TextDecoder().decode(stdout));
  return { columns: Object.keys(found[0] ?? {}), rows: found.map((row) => Object.values(row)) };
}
