/** This library, Spark and delta-rs on the same tables. One session for all, since Spark is slow to start. */

import { assertEquals, assertGreater } from "@std/assert";
import {
  appendFile,
  appendFrame,
  checkpointTable,
  createTable,
  deleteRows,
  LocalStore,
  mergeInto,
  openTableAt,
  optimizeTable,
  parsePredicate,
  tableSchema,
  vacuumTable,
} from "../../lib/delta/mod.ts";
import { writeHistory } from "./delta_history.ts";
import { testUnless } from "./test_unless.ts";
import { whyNoPython } from "./python_venv.ts";
import { whyNoSpark } from "./spark_jars.ts";
import { type DeltaPeer, startDeltaRs, startSpark } from "./delta_peer.ts";
import { sortedLines, tableRows } from "./delta_rows.ts";
import {
  ALL_TYPES,
  folderRows,
  frameOf,
  HARD_ROWS,
  LIVE,
  openFolder,
  PLAIN_ROWS,
  temporaryFolder,
} from "./delta_table_rig.ts";

const reason = await whyNoPython(["deltalake", "pyarrow", "pyspark"]) ?? await whyNoSpark();

testUnless(reason, {
  name: "Spark and this library",
  fn: async (test) => {
    await using place = await temporaryFolder();
    await using spark = await startSpark(place.folder);
    await test.step("Spark reads every version of a table of every type", () =>
      readsTypes(spark, place.folder));
    await test.step("Spark reads partitions of every type", () => readsPartitions(spark, place.folder));
    for (const columns of [[], ["day", "city"]]) {
      const name = `Spark reads every version of a table changed in every way, partitioned by [${columns}]`;
      await test.step(name, () => readsHistory(spark, `${place.folder}/history${columns.length}`, columns));
    }
    for (const [feature, statements] of Object.entries(THEIR_TABLES)) {
      const path = `${place.folder}/${feature.replaceAll(" ", "-")}`;
      await test.step(`this library reads ${feature} of Spark`, () => readsTheirs(spark, path, statements));
    }
    await test.step("this library changes tables with features of Spark, and Spark reads them", async () => {
      for (const [feature, create] of Object.entries(SHARED_TABLES)) {
        await changesTheirs(spark, `${place.folder}/shared-${feature}`, create);
      }
    });
    await test.step("our statistics of the same rows are those of Spark", () =>
      sameStatistics(spark, place.folder));
    await test.step("all three write to one table in turn", () => writeInTurn(spark, place.folder));
  },
});

/** What Spark does to a table; `{t}` stands for it. All of them start with the rows of `INSERT`. */
const INSERT =
  "INSERT INTO {t} SELECT id, concat('name ', id) AS name, date_add(DATE'2025-02-01', int(id % 3)) AS day, " +
  "cast(id AS decimal(20,4)) AS money, map('k', id, 'n', null) AS counts, named_struct('x', id, 'y', array(id)) AS inside " +
  "FROM range(0, 20, 1, 1)";
const COLUMNS = "id BIGINT, name STRING, day DATE, money DECIMAL(20,4), counts MAP<STRING,BIGINT>, " +
  "inside STRUCT<x: BIGINT, y: ARRAY<BIGINT>>";

const THEIR_TABLES: Readonly<Record<string, readonly string[]>> = {
  "changes and checkpoints": [
    `CREATE TABLE {t} (${COLUMNS}) USING delta PARTITIONED BY (day) TBLPROPERTIES ('delta.checkpointInterval' = '3')`,
    INSERT,
    "MERGE INTO {t} t USING (SELECT id, 'merged' AS name FROM range(10, 15)) s ON t.id = s.id " +
    "WHEN MATCHED THEN UPDATE SET t.name = s.name",
    "DELETE FROM {t} WHERE id IN (1, 12)",
    "ALTER TABLE {t} ADD COLUMNS (note STRING, extra STRUCT<a: INT>)",
    "UPDATE {t} SET note = 'noted' WHERE id > 15",
    "OPTIMIZE {t} ZORDER BY (id)",
    "RESTORE TABLE {t} TO VERSION AS OF 2",
    "VACUUM {t} RETAIN 0 HOURS",
  ],
  "deletion vectors": [
    `CREATE TABLE {t} (${COLUMNS}) USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')`,
    INSERT,
    "DELETE FROM {t} WHERE id = 3",
    "DELETE FROM {t} WHERE id IN (4, 11, 19)",
    "UPDATE {t} SET name = 'updated' WHERE id = 5",
    "MERGE INTO {t} t USING (SELECT id FROM range(6, 8)) s ON t.id = s.id WHEN MATCHED THEN DELETE",
    "REORG TABLE {t} APPLY (PURGE)",
  ],
  "columns mapped by name": [
    `CREATE TABLE {t} (${COLUMNS}) USING delta PARTITIONED BY (day) TBLPROPERTIES ('delta.columnMapping.mode' = 'name')`,
    INSERT,
    "ALTER TABLE {t} RENAME COLUMN name TO `full name`",
    "ALTER TABLE {t} RENAME COLUMN inside.x TO z",
    "ALTER TABLE {t} DROP COLUMN money",
    "ALTER TABLE {t} ADD COLUMNS (money STRING)",
    "UPDATE {t} SET money = 'much' WHERE id < 5",
  ],
  "columns mapped by id": [
    `CREATE TABLE {t} (${COLUMNS}) USING delta TBLPROPERTIES ('delta.columnMapping.mode' = 'id')`,
    INSERT,
    "ALTER TABLE {t} RENAME COLUMN name TO other",
    "DELETE FROM {t} WHERE id = 7",
  ],
  "times without a zone": [
    "CREATE TABLE {t} (id BIGINT, at TIMESTAMP_NTZ, day TIMESTAMP_NTZ) USING delta PARTITIONED BY (day)",
    "INSERT INTO {t} VALUES (1, TIMESTAMP_NTZ'2025-02-17 04:21:00.123456', TIMESTAMP_NTZ'2025-02-17 04:21:00.5'), " +
    "(2, TIMESTAMP_NTZ'1969-12-31 23:59:59.999999', NULL), (3, NULL, TIMESTAMP_NTZ'1970-01-01 00:00:00')",
  ],
  "V2 checkpoints in Parquet": v2Checkpoints("parquet"),
  "V2 checkpoints in JSON": v2Checkpoints("json"),
  "change data": [
    `CREATE TABLE {t} (${COLUMNS}) USING delta TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')`,
    INSERT,
    "UPDATE {t} SET name = 'updated' WHERE id = 5",
    "DELETE FROM {t} WHERE id = 6",
  ],
  "widened types": [
    "CREATE TABLE {t} (id SMALLINT, n INT) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
    "INSERT INTO {t} VALUES (1, 2), (-32768, NULL)",
    "ALTER TABLE {t} CHANGE COLUMN id TYPE INT",
    "INSERT INTO {t} VALUES (2147483647, 3)",
  ],
};

const SHARED_TABLES: Readonly<Record<string, string>> = {
  vectors:
    "CREATE TABLE {t} (id BIGINT, name STRING) USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
  checkpoints: "CREATE TABLE {t} (id BIGINT, name STRING) USING delta " +
    "TBLPROPERTIES ('delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '3', " +
    "'delta.enableDeletionVectors' = 'true')",
};

function v2Checkpoints(format: string): readonly string[] {
  return [
    `SET spark.databricks.delta.checkpointV2.topLevelFileFormat = ${format}`,
    `CREATE TABLE {t} (${COLUMNS}) USING delta PARTITIONED BY (day) TBLPROPERTIES ('delta.checkpointPolicy' = 'v2', ` +
    "'delta.checkpointInterval' = '2', 'delta.enableDeletionVectors' = 'true')",
    INSERT,
    "DELETE FROM {t} WHERE id = 3",
    "DELETE FROM {t} WHERE id = 4",
    "INSERT INTO {t} (id, name) VALUES (100, 'last')",
  ];
}

async function readsTypes(spark: DeltaPeer, folder: string): Promise<void> {
  const path = `${folder}/types`;
  const table = await createTable(new LocalStore(path), { schema: ALL_TYPES }, LIVE);
  const versions = [await tableRows(table)];
  for (const row of HARD_ROWS) {
    await appendFile(table, await table.stageRows([row]), { rows: 1 });
    versions.push(await tableRows(table));
  }
  await assertVersions(spark, path, versions);
}

async function readsPartitions(spark: DeltaPeer, folder: string): Promise<void> {
  const path = `${folder}/partitions`;
  const schema = tableSchema({
    id: "long",
    city: "string",
    day: "date",
    time: "timestamp",
    size: "decimal(10,2)",
    yes: "boolean",
    ratio: "double",
    tiny: "byte",
  });
  const partitionColumns = schema.fields.map(({ name }) => name).slice(1);
  const table = await createTable(new LocalStore(path), { schema, partitionColumns }, LIVE);
  const times = { day: "1970-01-01", time: 1_739_765_000_123_456n };
  const rows = [
    {
      id: 1,
      city: "Hämeenlinna / 50% = a b",
      ...times,
      size: "-1.50",
      yes: true,
      ratio: -1.5e-7,
      tiny: -128,
    },
    { id: 2 },
    {
      id: 3,
      city: "a:b?c#d%20",
      day: "9999-12-31",
      time: 0n,
      size: "0.00",
      yes: false,
      ratio: 1e300,
      tiny: 0,
    },
  ];
  await appendFrame(table, await frameOf(schema, rows));
  assertEquals(sortedLines(await spark.ask("rows", { path })), sortedLines(await tableRows(table)));
}

async function readsHistory(
  spark: DeltaPeer,
  path: string,
  partitionColumns: readonly string[],
): Promise<void> {
  const { table, versions } = await writeHistory(path, partitionColumns);
  await assertVersions(spark, path, versions);
  const { paths } = await vacuumTable(table, { retentionMs: 0, force: true });
  assertGreater(paths.length, 5);
  assertEquals(sortedLines(await spark.ask("rows", { path })), sortedLines(versions.at(-1)));
}

async function readsTheirs(spark: DeltaPeer, path: string, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await spark.ask("sql", { text: statement.replaceAll("{t}", `delta.\`${path}\``) });
    if (statement.startsWith("SET ")) continue;
    assertEquals(
      sortedLines(await folderRows(path)),
      sortedLines(await spark.ask("rows", { path })),
      statement,
    );
  }
  if (statements.some((statement) => statement.startsWith("VACUUM"))) return;
  const { snapshot } = await openFolder(path);
  for (let version = 0; version < snapshot.version; version++) {
    const table = await openTableAt(new LocalStore(path), { version }, LIVE);
    const theirs = await spark.ask("rows", { path, version });
    assertEquals(sortedLines(await tableRows(table)), sortedLines(theirs), `version ${version}`);
  }
}

// Changes of both in turn: files with a vector are rewritten and removed, V2 checkpoints are followed by classic ones.
async function changesTheirs(spark: DeltaPeer, path: string, create: string): Promise<void> {
  const sql = (text: string): Promise<unknown> =>
    spark.ask("sql", { text: text.replaceAll("{t}", `delta.\`${path}\``) });
  await sql(create);
  await sql("INSERT INTO {t} SELECT id, concat('name ', id) AS name FROM range(0, 20, 1, 1)");
  await sql("DELETE FROM {t} WHERE id IN (3, 4)");
  const table = await openFolder(path);
  const schema = tableSchema({ id: "long", name: "string" });
  const steps: readonly (() => Promise<unknown>)[] = [
    async () => await appendFrame(table, await frameOf(schema, [{ id: 30, name: "ours" }])),
    async () => await deleteRows(table, parsePredicate("id = 5", schema)),
    () => sql("DELETE FROM {t} WHERE id IN (6, 7)"),
    async () => {
      await table.update();
      return await mergeInto(table, await frameOf(schema, [8, 31].map((id) => ({ id, name: "merged" }))), {
        on: ["id"],
        whenMatched: [{ action: "update" }],
        whenNotMatched: [{}],
      });
    },
    () => sql("DELETE FROM {t} WHERE id = 9"),
    () => optimizeTable(table),
    () => checkpointTable(table),
    () => sql("UPDATE {t} SET name = 'spark' WHERE id = 10"),
  ];
  for (const [index, step] of steps.entries()) {
    await step();
    await table.update();
    const message = `${create}, step ${index}`;
    assertEquals(
      sortedLines(await tableRows(table)),
      sortedLines(await spark.ask("rows", { path })),
      message,
    );
    assertEquals(sortedLines(await folderRows(path)), sortedLines(await tableRows(table)), message);
  }
  const names = new Map((await tableRows(table)).map(({ id, name }) => [id, name]));
  assertEquals([names.size, names.get("8"), names.get("10"), names.get("31"), names.get("9")], [
    16,
    "merged",
    "spark",
    "merged",
    undefined,
  ]);
}

async function sameStatistics(spark: DeltaPeer, folder: string): Promise<void> {
  const path = `${folder}/statistics`;
  const schema = tableSchema(Object.fromEntries(
    ALL_TYPES.fields.filter(({ name }) => name !== "list" && name !== "counts").map((
      { name, type },
    ) => [name, type]),
  ));
  const rows = PLAIN_ROWS.map(({ list: _, counts: __, ...row }) => row);
  const table = await createTable(new LocalStore(path), { schema }, LIVE);
  await appendFrame(table, await frameOf(schema, rows));
  const ours = await statistics(path);
  // Read and written again by Spark, the rows are the same.
  const copy = `${folder}/statistics-of-spark`;
  await spark.ask("sql", {
    text: `CREATE TABLE delta.\`${copy}\` USING delta AS SELECT /*+ COALESCE(1) */ * FROM delta.\`${path}\``,
  });
  assertEquals(ours, await statistics(copy));
}

async function statistics(path: string): Promise<unknown> {
  const { snapshot } = await openFolder(path);
  // Spark ends a cut text with U+FFFD, this library plain text with DEL, which is closer.
  const texts = [...snapshot.files.values()].map(({ stats = "{}" }) => stats.replaceAll("\ufffd", "\u007f"));
  return texts.map((text) => JSON.parse(text));
}

async function writeInTurn(spark: DeltaPeer, folder: string): Promise<void> {
  await using rust = await startDeltaRs();
  const path = `${folder}/turns`;
  const schema = tableSchema({ id: "long", who: "string" });
  await createTable(new LocalStore(path), { schema }, LIVE);
  const columns = { id: "long", who: "string" };
  const expected = new Map<number, string>();
  for (let round = 0; round < 4; round++) {
    const first = 10 * round;
    const table = await openFolder(path);
    await appendFrame(table, await frameOf(schema, [0, 1, 2].map((id) => ({ id: first + id, who: "ours" }))));
    const text = `INSERT INTO delta.\`${path}\` VALUES (${first + 3}, 'spark'), (${first + 4}, 'spark')`;
    await spark.ask("sql", { text });
    await rust.ask("write", {
      path,
      columns,
      rows: [5, 6].map((id) => [String(first + id), "delta-rs"]),
      mode: "append",
    });
    await spark.ask("sql", { text: `DELETE FROM delta.\`${path}\` WHERE id = ${first}` });
    await rust.ask("delete", { path, predicate: `id = ${first + 3}` });
    await table.update();
    await mergeInto(table, await frameOf(schema, [4, 7].map((id) => ({ id: first + id, who: "merged" }))), {
      on: ["id"],
      whenMatched: [{ action: "update" }],
      whenNotMatched: [{}],
    });
    await deleteRows(table, parsePredicate(`id = ${first + 5}`, schema));
    if (round === 1) await rust.ask("optimize", { path });
    if (round === 2) await rust.ask("checkpoint", { path });
    for (
      const [id, who] of [[1, "ours"], [2, "ours"], [4, "merged"], [6, "delta-rs"], [7, "merged"]] as const
    ) {
      expected.set(first + id, who);
    }
    const lines = sortedLines([...expected].map(([id, who]) => ({ id: String(id), who })));
    assertEquals(sortedLines(await tableRows(table)), lines);
    assertEquals(sortedLines(await rust.ask("rows", { path })), lines);
    assertEquals(sortedLines(await spark.ask("rows", { path })), lines);
  }
}

async function assertVersions(
  peer: DeltaPeer,
  path: string,
  versions: readonly (readonly unknown[])[],
): Promise<void> {
  for (const [version, rows] of versions.entries()) {
    assertEquals(
      sortedLines(await peer.ask("rows", { path, version })),
      sortedLines(rows),
      `version ${version}`,
    );
  }
}
