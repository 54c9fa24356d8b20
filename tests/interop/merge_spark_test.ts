/** MERGE of this library beside that of Spark, case by case: the same rows, the same refusals, the same counts. */
import { assertEquals } from "@std/assert";
import { appendFrame, createTable, mergeInto, tableSchema } from "../../lib/delta/mod.ts";
import { type DeltaPeer, startSpark } from "./delta_peer.ts";
import { sortedLines } from "./delta_rows.ts";
import { folderRows, openFolder, temporaryFolder } from "./delta_table_rig.ts";
import { MERGE_CASES, type MergeCase, type MergeRow } from "./merge_rules.ts";
import { whyNoPython } from "./python_venv.ts";
import { whyNoSpark } from "./spark_jars.ts";
import { testUnless } from "./test_unless.ts";

const reason = await whyNoPython(["deltalake", "pyarrow", "pyspark"]) ?? await whyNoSpark();
const SCHEMA = tableSchema({ id: "long", f: "double", v: "long", n: "string" });
const COUNTS = [
  "numTargetRowsInserted",
  "numTargetRowsUpdated",
  "numTargetRowsDeleted",
  "numTargetRowsCopied",
];

testUnless(reason, {
  name: "a merge does what Spark's MERGE does",
  fn: async (test) => {
    await using place = await temporaryFolder();
    await using spark = await startSpark(place.folder);
    for (const [index, one] of MERGE_CASES.entries()) {
      await test.step(one.name, () => sameMerge(spark, `${place.folder}/${index}`, one));
    }
  },
});

async function sameMerge(spark: DeltaPeer, folder: string, one: MergeCase): Promise<void> {
  for (const path of [`${folder}/ours`, `${folder}/spark`]) {
    const table = await createTable(path, { schema: SCHEMA });
    await appendFrame(table, one.target.map(toRow));
  }
  const ours = await ourMerge(`${folder}/ours`, one);
  const theirs = await sparkMerge(spark, `${folder}/spark`, one);
  assertEquals(ours, theirs);
  assertEquals([ours, theirs].includes("refused"), one.isRefused ?? false);
}

async function ourMerge(path: string, { source, options, isNothing }: MergeCase): Promise<unknown> {
  const table = await openFolder(path);
  try {
    const outcome = await mergeInto(table, source.map(toRow), options);
    const counts = outcome.status === "committed" ? outcome.metrics : {};
    assertEquals(outcome.status, isNothing ? "unchanged" : "committed");
    return { rows: sortedLines(await folderRows(path)), counts: countsOf(counts) };
  } catch (error) {
    if (error instanceof TypeError) return "refused";
    throw error;
  }
}

async function sparkMerge(spark: DeltaPeer, path: string, { source, sql }: MergeCase): Promise<unknown> {
  const values = source.map((row) => `SELECT ${row.map(literal).join(", ")}`).join(" UNION ALL ");
  const empty = "SELECT 1L, 1D, 1L, 'x' WHERE false";
  const using = `(SELECT * FROM (${values || empty}) AS q(id, f, v, n)) s`;
  try {
    await spark.ask("sql", { text: `MERGE INTO delta.\`${path}\` t USING ${using} ON ${sql}` });
  } catch {
    return "refused";
  }
  const [entry] = await (await openFolder(path)).history({ limit: 1 });
  return {
    rows: sortedLines(await folderRows(path)),
    counts: countsOf(entry?.commitInfo.operationMetrics ?? {}),
  };
}

function countsOf(metrics: Readonly<Record<string, string>>): readonly string[] {
  return COUNTS.map((name) => `${name} ${metrics[name] ?? 0}`);
}

function toRow([id, f, v, n]: MergeRow) {
  return { id, f, v, n };
}

function literal(value: number | string | null, column: number): string {
  const type = ["BIGINT", "DOUBLE", "BIGINT", "STRING"][column];
  if (value === null) return `CAST(NULL AS ${type})`;
  return typeof value === "string"
    ? `'${value}'`
    : `CAST('${Object.is(value, -0) ? "-0.0" : value}' AS ${type})`;
}
