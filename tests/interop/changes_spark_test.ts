/** Net changes of this library beside Spark's change data feed, of the same statements on two tables. */
import { assertEquals } from "@std/assert";
import { frameRows, openTable, type Row, tableChanges, tableSchema } from "../../lib/delta/mod.ts";
import { type DeltaPeer, startSpark } from "./delta_peer.ts";
import { temporaryFolder } from "./delta_table_rig.ts";
import { whyNoPython } from "./python_venv.ts";
import { whyNoSpark } from "./spark_jars.ts";
import { testUnless } from "./test_unless.ts";

const reason = await whyNoPython(["deltalake", "pyarrow", "pyspark"]) ?? await whyNoSpark();
const STATEMENTS = [
  "INSERT INTO {t} SELECT id, id % 3 AS v, concat('name ', id) AS n FROM range(0, 12, 1, 1)",
  "UPDATE {t} SET v = v + 10 WHERE id < 3",
  "UPDATE {t} SET n = n WHERE id < 5",
  "DELETE FROM {t} WHERE id = 4",
  "MERGE INTO {t} t USING (SELECT id, 7L AS v, 'new' AS n FROM range(8, 15)) s ON t.id = s.id " +
  "WHEN MATCHED AND s.id = 8 THEN DELETE WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT *",
  "OPTIMIZE {t}",
  "INSERT OVERWRITE {t} SELECT * FROM {t} WHERE id <> 1 UNION ALL SELECT 99L, 99L, null",
  "DELETE FROM {t}",
];

testUnless(reason, {
  name: "the net changes of each version are those of Spark's change data feed",
  fn: async () => {
    await using place = await temporaryFolder();
    await using spark = await startSpark(place.folder);
    const [fed, plain] = [`${place.folder}/fed`, `${place.folder}/plain`];
    const create = "(id BIGINT, v BIGINT, n STRING) USING delta LOCATION";
    const feed = "TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')";
    await spark.ask("sql", { text: `CREATE TABLE fed ${create} '${fed}' ${feed}` });
    await spark.ask("sql", { text: `CREATE TABLE plain ${create} '${plain}'` });
    let [fedFrom, plainFrom] = [0, 0];
    for (const statement of STATEMENTS) {
      for (const name of ["fed", "plain"]) {
        await spark.ask("sql", { text: statement.replaceAll("{t}", name) });
      }
      const [fedTo, plainTo] = await Promise.all([versionOf(fed), versionOf(plain)]);
      const theirs = fedTo === fedFrom ? [] : await feedOf(spark, fedFrom + 1, fedTo);
      assertEquals(await changesOf(plain, plainFrom, plainTo), theirs, statement);
      assertEquals(await changesOf(fed, fedFrom, fedTo), theirs, `${statement}, from _change_data`);
      [fedFrom, plainFrom] = [fedTo, plainTo];
    }
  },
});

async function versionOf(path: string): Promise<number> {
  return (await openTable(path)).snapshot.version;
}

async function feedOf(spark: DeltaPeer, from: number, to: number): Promise<readonly string[]> {
  const rows = await spark.ask("sql", { text: `SELECT * FROM table_changes('fed', ${from}, ${to})` });
  return netOf(rows as readonly Row[]);
}

async function changesOf(path: string, from: number, to: number): Promise<readonly string[]> {
  const rows: Row[] = [];
  const fields = tableSchema({ id: "long", v: "long", n: "string", _change_type: "string" }).fields;
  for await (const frame of tableChanges(await openTable(path), { from, to })) {
    for (const row of frameRows(frame, fields)) rows.push(row);
  }
  return netOf(rows);
}

/** Rows that came and went, with updates as both; what came as often as it went is left out. */
function netOf(rows: readonly Row[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { id, v, n, _change_type: type } of rows) {
    const text = [id, v, n].map(String).join("/");
    const isAdded = type === "insert" || type === "update_postimage";
    counts.set(text, (counts.get(text) ?? 0) + (isAdded ? 1 : -1));
  }
  return [...counts].filter(([, count]) => count !== 0).map(([text, count]) => `${count} ${text}`).toSorted();
}
