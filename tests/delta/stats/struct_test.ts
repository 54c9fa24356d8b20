import { assertEquals } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import { checkpointPath, commitPath } from "../../../lib/delta/actions/log_path.ts";
import {
  type Add,
  fileMatcher,
  MemoryStore,
  openTable,
  parsePredicate,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { parquetSchema } from "../../../lib/delta/parquet/schema.ts";
import type { DataType, StructType } from "../../../lib/delta/schema/schema.ts";
import { fillStats } from "../../../lib/delta/stats/struct.ts";
import { fakeAdd, firstActions, someActions, testContext, writeLog } from "../test_context.ts";

const COLUMNS: Readonly<Record<string, DataType>> = {
  id: "long",
  name: "string",
  money: "decimal(38,10)",
  day: "date",
  time: "timestamp",
  inside: tableSchema({ ratio: "double" }),
};
const COUNTS = tableSchema({ id: "long", name: "long" });
const CHECKPOINT = tableSchema({
  protocol: tableSchema({ minReaderVersion: "integer", minWriterVersion: "integer" }),
  metaData: tableSchema({
    id: "string",
    schemaString: "string",
    partitionColumns: { type: "array", elementType: "string", containsNull: true },
  }),
  add: tableSchema({
    path: "string",
    partitionValues: { type: "map", keyType: "string", valueType: "string", valueContainsNull: true },
    size: "long",
    modificationTime: "long",
    dataChange: "boolean",
    stats_parsed: tableSchema({
      numRecords: "long",
      minValues: tableSchema(COLUMNS),
      maxValues: tableSchema(COLUMNS),
      nullCount: COUNTS,
    }),
    partitionValues_parsed: tableSchema({ zone: "string" }),
  }),
});

const LOWEST = {
  id: 2n ** 60n,
  name: "a",
  money: -12345678901234567890n,
  day: 20_000,
  time: 5_000_001n,
  inside: { ratio: 0.5 },
};
const HIGHEST = {
  id: 2n ** 60n + 7n,
  name: "b",
  money: 12345678901234567890n,
  day: 20_001,
  time: 6_000_001n,
  inside: { ratio: 1 },
};

Deno.test("statistics that a checkpoint holds as columns prune as those in JSON do", async () => {
  const store = new MemoryStore();
  await writeLog(store, [firstActions(COLUMNS)]);
  await store.put(checkpointPath(0), encodeCheckpoint(CHECKPOINT));
  await store.remove(commitPath(0));
  const { snapshot } = await openTable(store, testContext());
  const [add] = snapshot.files.values();
  assertEquals(Object.keys(add ?? {}), [
    "path",
    "partitionValues",
    "size",
    "modificationTime",
    "dataChange",
    "stats",
  ]);
  const match = (text: string) => add && fileMatcher(parsePredicate(text, snapshot.schema), snapshot)(add);
  const none = [
    `id < ${2n ** 60n}`,
    `id > ${2n ** 60n + 7n}`,
    "name = 'c'",
    "money > 1234567890.2",
    "day < '2024-10-04'",
    "time > '1970-01-01T00:00:06.002Z'",
    "inside.ratio = 2",
    "id IS NULL",
  ];
  assertEquals(none.map(match), none.map(() => "none" as const));
  const some = [
    `id = ${2n ** 60n + 7n}`,
    "money >= 1234567890.123456789",
    "day = '2024-10-05'",
    "time >= '1970-01-01T00:00:06.000001Z'",
    "inside.ratio IS NULL",
    "inside.ratio > 100",
  ];
  assertEquals(some.map(match), some.map(() => "some" as const));
  assertEquals(match("id > 5 AND name >= 'a'"), "all");
});

function encodeCheckpoint({ fields }: StructType): Uint8Array {
  const add = {
    path: "file",
    partitionValues: [],
    size: 1n,
    modificationTime: 1n,
    dataChange: true,
    stats_parsed: { numRecords: 3n, minValues: LOWEST, maxValues: HIGHEST, nullCount: { id: 0n, name: 0n } },
    partitionValues_parsed: { zone: null },
  };
  const metaData = { id: "x", schemaString: JSON.stringify(tableSchema(COLUMNS)), partitionColumns: [] };
  const rows = [{ protocol: { minReaderVersion: 1, minWriterVersion: 2 } }, { metaData }, { add }];
  const columnData = fields.map(({ name }) => ({
    name,
    data: rows.map((row) => new Map<string, unknown>(Object.entries(row)).get(name) ?? null),
  }));
  return new Uint8Array(parquetWriteBuffer({ schema: parquetSchema(fields), columnData }));
}

Deno.test("statistics as columns that do not count the rows keep their bounds", () => {
  const { metadata } = firstActions({ id: "long" });
  const add = fakeAdd("a", { stats_parsed: { minValues: { id: 3n } } } as Partial<Add>);
  const [filled] = fillStats(someActions({ ...(metadata && { metadata }), adds: [add] })).adds;
  assertEquals(filled?.stats, '{"minValues":{"id":3},"maxValues":{}}');
});

Deno.test("statistics as columns beside a damaged schema leave it to the log to name the damage", () => {
  const add = { path: "a", partitionValues: {}, size: 1, modificationTime: 1, dataChange: true };
  const metadata = {
    id: "m",
    format: { provider: "parquet" },
    schemaString: '{"type":',
    partitionColumns: [],
  };
  const filled = fillStats({
    metadata: { ...metadata, configuration: {} },
    adds: [{ ...add, stats_parsed: { numRecords: 3n } } as typeof add],
    removes: [],
    txns: [],
  });
  assertEquals(filled.adds.map(({ path }) => path), ["a"]);
});
