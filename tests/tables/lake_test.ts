import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { appendChange, CorruptLogError, MemoryStore, openTable, type Store } from "../../lib/delta/mod.ts";
import { lakeTables, openLake, updateLake } from "../../lib/tables/lake.ts";
import { LICENCE_LINE } from "../../lib/tables/licence.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { BATCHES_SCHEMA } from "../../lib/tables/batch_record.ts";
import { LANDING_SCHEMA, QUARANTINE_SCHEMA } from "../../lib/tables/message_schemas.ts";
import { RESULTS_SCHEMA } from "../../lib/tables/rule_result_row.ts";
import { RUNS_SCHEMA } from "../../lib/tables/run_record.ts";
import { STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { testContext } from "../delta/test_context.ts";

const SCHEMAS = {
  landing: LANDING_SCHEMA,
  quarantine: QUARANTINE_SCHEMA,
  standard: STANDARD_SCHEMA,
  batches: BATCHES_SCHEMA,
  runs: RUNS_SCHEMA,
  results: RESULTS_SCHEMA,
};

function folder(): (path: string) => Store {
  const stores = new Map<string, Store>();
  return (path) => stores.get(path) ?? stores.set(path, new MemoryStore({ label: path })).get(path) as Store;
}

function open(storeOf: (path: string) => Store, process: string) {
  return openLake(storeOf, { topic: "trains", ...testContext(process) });
}

Deno.test("each table lies at its place with its columns, the standard table alone partitioned, all with the licence", async () => {
  const storeOf = folder();
  const lake = await open(storeOf, "a");
  for (const [name, table] of Object.entries(lakeTables(lake))) {
    const { schema, metadata } = table.snapshot;
    const path = TABLE_PATHS[name as keyof typeof TABLE_PATHS];
    assertEquals([table.store.label, schema], [path, SCHEMAS[name as keyof typeof SCHEMAS]]);
    assertEquals(metadata.partitionColumns, name === "standard" ? ["departureDate"] : []);
    assertEquals(metadata.description, LICENCE_LINE);
    assertEquals(metadata.configuration, {
      "delta.logRetentionDuration": "interval 7 days",
      "ratalake.format": "1",
    });
  }
  const { landing, quarantine, standard, batches } = lake;
  assertEquals(
    [landing, quarantine, standard, batches].map(({ name, topic }) => `${name} ${topic}`),
    ["landing trains", "quarantine trains", "standard trains", "batches trains"],
  );
});

Deno.test("what others have committed is seen after an update, in every table", async () => {
  const storeOf = folder();
  const lake = await open(storeOf, "mine");
  for (const path of Object.values(TABLE_PATHS)) {
    const other = await openTable(storeOf(path), testContext("theirs"));
    const change = appendChange([], 0, other.snapshot.metadata);
    await other.commit({ ...change, readSnapshot: other.snapshot, txns: [{ appId: "x", version: 1n }] });
  }
  const versions = () => Object.values(lakeTables(lake)).map(({ snapshot }) => snapshot.version);
  assertEquals(versions(), [0, 0, 0, 0, 0, 0]);
  await updateLake(lake);
  assertEquals(versions(), [1, 1, 1, 1, 1, 1]);
});

Deno.test("the quarantine table alone may stand before or behind a batch", async () => {
  const { landing, quarantine, standard, batches } = await open(folder(), "a");
  for (const table of [landing, quarantine, standard, batches]) {
    const ingest = (from: bigint) =>
      table.ingest(
        [{ partition: 0, from, to: from + 2n }],
        ({ snapshot: { metadata } }) => Promise.resolve(appendChange([], 0, metadata)),
      );
    await ingest(0n);
    const outcomes = [await ingest(1n), await ingest(5n)];
    const isTaken = outcomes.map((outcome) => outcome !== "overtaken");
    assertEquals(isTaken, table === quarantine ? [true, true] : [false, false], table.name);
  }
});

Deno.test("no column of version 0.1.0 has another type or place in a struct today, down to what may be null", async () => {
  for (const [name, path] of Object.entries(TABLE_PATHS)) {
    if (name === "results") continue;
    const log = new URL(`../testdata/lake-0.1.0/${path}/_delta_log/`, import.meta.url);
    const lines = (await Deno.readTextFile(new URL(`${"0".repeat(20)}.json`, log))).trim().split("\n");
    const [metadata] = lines.map((line) => JSON.parse(line).metaData).filter((found) => found !== undefined);
    const fields = new Map(SCHEMAS[name as keyof typeof SCHEMAS].fields.map((field) => [field.name, field]));
    const older: readonly { readonly name: string }[] = JSON.parse(metadata.schemaString).fields;
    assertEquals<unknown>(older.map((field) => fields.get(field.name)), older, name);
  }
});

Deno.test("an analysis table whose log is broken is named with the way out, as nothing is lost by it", async () => {
  for (const path of Object.values(ANALYSIS_PATHS)) {
    const storeOf = folder();
    await storeOf(path).putIfAbsent(
      "_delta_log/00000000000000000000.json",
      new TextEncoder().encode("{broken"),
    );
    const error = await assertRejects(() => open(storeOf, "a"), Error, `Cannot use the table "${path}"`);
    assertInstanceOf(error.cause, CorruptLogError);
    assertEquals(
      error.message.split("; ").at(-1),
      "remove its folder: `deno task process` and `deno task analyse` make it again",
    );
  }
});
