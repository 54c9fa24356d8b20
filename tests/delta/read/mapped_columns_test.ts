/** Column mapping and widened types: files whose names, numbers or types are not those of the table. */

import { assertEquals, assertRejects } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet";
import { CorruptFileError } from "../../../lib/delta/errors.ts";
import { readDataFile } from "../../../lib/delta/read/file_reader.ts";
import { fileMatcher } from "../../../lib/delta/stats/file_pruning.ts";
import { frameRows } from "../../../lib/delta/read/frame_rows.ts";
import { MemoryStore, parsePredicate, type Row, tableSchema } from "../../../lib/delta/mod.ts";
import { parquetSchema } from "../../../lib/delta/parquet/schema.ts";
import { stageRows } from "../../../lib/delta/write/stage_rows.ts";
import type { DataType, StructField, StructType } from "../../../lib/delta/schema/schema.ts";
import { fakeAdd, firstActions } from "../test_context.ts";

/** 1500-01-01, in days since 1970. */
const DAY_IN_1500 = -171_664n;

type Columns = Readonly<Record<string, DataType>>;

// Each field of the file, and what the table calls it now; the numbers count them.
const IN_FILE: Columns = {
  "col-1": "long",
  "col-2": tableSchema({ "col-3": "string", "col-4": "binary" }),
  "col-5": { type: "array", elementType: tableSchema({ "col-6": "date" }), containsNull: true },
  "col-7": {
    type: "map",
    keyType: "string",
    valueType: tableSchema({ "col-8": "decimal(38,5)" }),
    valueContainsNull: true,
  },
};
const ROWS: readonly Row[] = [
  {
    "col-1": 1n,
    "col-2": { "col-3": "x", "col-4": Uint8Array.of(0, 255) },
    "col-5": [{ "col-6": "1500-01-01" }, null],
    "col-7": new Map([["k", { "col-8": "12345678901234567890.12345" }]]),
  },
  { "col-1": null, "col-2": null, "col-5": null, "col-7": null },
];

function field(name: string, number: number, type: DataType): StructField {
  const metadata = {
    "delta.columnMapping.physicalName": `col-${number}`,
    "delta.columnMapping.id": number,
  };
  return { name, type, nullable: true, metadata };
}

function struct(...fields: readonly StructField[]): StructType {
  return { type: "struct", fields };
}

const TABLE = struct(
  field("list", 5, {
    type: "array",
    elementType: struct(field("new", 90, "binary"), field("day", 6, "date")),
    containsNull: true,
  }),
  field("col-2", 1, "long"),
  field(
    "parts",
    2,
    struct(field("raw", 4, "binary"), field("text", 3, "string"), field("more", 91, "integer")),
  ),
  field("by key", 7, {
    type: "map",
    keyType: "string",
    valueType: struct(field("money", 8, "decimal(38,5)")),
    valueContainsNull: true,
  }),
  field(
    "added",
    92,
    struct(
      field("raw", 93, "binary"),
      field("ids", 94, { type: "array", elementType: "binary", containsNull: true }),
    ),
  ),
  field("zone", 95, "string"),
);

const EXPECTED: readonly Row[] = [
  {
    list: [{ new: null, day: "1500-01-01" }, null],
    "col-2": 1n,
    parts: { raw: Uint8Array.of(0, 255), text: "x", more: null },
    "by key": new Map([["k", { money: "12345678901234567890.12345" }]]),
    added: null,
    zone: "z",
  },
  { list: null, "col-2": null, parts: null, "by key": null, added: null, zone: "z" },
];

Deno.test("columns are found by their names in the file, at every depth", async () => {
  const store = new MemoryStore();
  const add = await stageRows(ROWS, {
    store,
    ...shape("none", tableSchema(IN_FILE)),
    clock: () => 0,
    ids: () => "x",
  });
  const source = { store, ...shape("name", TABLE) };
  const frame = await readDataFile({ ...add, partitionValues: { "col-95": "z" } }, source);
  assertEquals([...frameRows(frame, TABLE.fields)], EXPECTED);
});

Deno.test("columns are found by their numbers, whatever the file calls them", async () => {
  const store = new MemoryStore();
  const plain = tableSchema(IN_FILE);
  await store.put("file", numberedFile(plain, ROWS));
  const add = fakeAdd("file", { partitionValues: { "col-95": "z" } });
  const frame = await readDataFile(add, { store, ...shape("id", TABLE) });
  assertEquals([...frameRows(frame, TABLE.fields)], EXPECTED);
});

Deno.test("a file without numbers is refused where columns are found by them", async () => {
  const store = new MemoryStore();
  const add = await stageRows(ROWS, {
    store,
    ...shape("none", tableSchema(IN_FILE)),
    clock: () => 0,
    ids: () => "x",
  });
  const read = () => readDataFile(add, { store, ...shape("id", TABLE) });
  await assertRejects(read, CorruptFileError, "columns without field ids");
});

Deno.test("statistics and partition values of mapped tables are those of the names in the file", () => {
  const stats =
    '{"numRecords":2,"minValues":{"col-1":5,"col-2":{"col-3":"m"}},"maxValues":{"col-1":7,"col-2":{"col-3":"p"}},"nullCount":{}}';
  const add = fakeAdd("file", { partitionValues: { "col-95": "z" }, stats });
  const match = (text: string) => fileMatcher(parsePredicate(text, TABLE), shape("name", TABLE))(add);
  assertEquals(["`col-2` = 4", "`col-2` = 6", "parts.text > 'q'", "zone = 'y'", "zone = 'z'"].map(match), [
    "none",
    "some",
    "none",
    "none",
    "all",
  ]);
});

Deno.test("values of types that the table has widened since are read without loss, inside others too", async () => {
  const old: Columns = {
    a: "byte",
    b: "integer",
    c: "float",
    d: "decimal(5,2)",
    e: "long",
    f: "date",
    g: tableSchema({ h: "short" }),
    i: { type: "array", elementType: "byte", containsNull: true },
  };
  const wide: Columns = {
    a: "long",
    b: "double",
    c: "double",
    d: "decimal(12,4)",
    e: "decimal(22,1)",
    f: "timestamp_ntz",
    g: tableSchema({ h: "integer" }),
    i: { type: "array", elementType: "integer", containsNull: true },
  };
  const store = new MemoryStore();
  const row = {
    a: -128,
    b: 7,
    c: 0.5,
    d: "-1.25",
    e: 2n ** 63n - 1n,
    f: "1500-01-01",
    g: { h: 300 },
    i: [1, null],
  };
  const target = { store, ...shape("none", tableSchema(old)), clock: () => 0, ids: () => "x" };
  const add = await stageRows([row, {}], target);
  const frame = await readDataFile(add, { store, ...shape("none", tableSchema(wide)) });
  const [first, second] = frameRows(frame, tableSchema(wide).fields);
  assertEquals(first, {
    a: -128n,
    b: 7,
    c: 0.5,
    d: "-1.2500",
    e: "9223372036854775807.0",
    f: DAY_IN_1500 * 86_400_000_000n,
    g: { h: 300 },
    i: [1, null],
  });
  assertEquals(Object.values(second ?? {}), Array(8).fill(null));
  for (
    const [name, type] of [["a", "decimal(2,0)"], ["b", "float"], ["d", "decimal(6,4)"], [
      "e",
      "double",
    ]] as const
  ) {
    const narrow = tableSchema({ [name]: type });
    await assertRejects(
      () => readDataFile(add, { store, ...shape("none", narrow) }),
      TypeError,
      `expected ${type}`,
    );
  }
});

function shape(mode: string, schema: StructType) {
  const partition = mode === "none" ? [] : ["zone"];
  const { metadata } = firstActions(
    {},
    partition,
    mode === "none" ? {} : { "delta.columnMapping.mode": mode },
  );
  if (metadata === undefined) throw new TypeError("a first version has metadata");
  return { metadata, schema };
}

/** A file whose names say nothing, with the number that each name ends in. */
function numberedFile({ fields }: StructType, rows: readonly Row[]): Uint8Array {
  const schema = parquetSchema(fields).map((element): SchemaElement => {
    const number = /^col-(\d+)$/.exec(element.name)?.[1];
    return number === undefined ? element : { ...element, name: `c${number}`, field_id: Number(number) };
  });
  const columnData = fields.map(({ name }) => ({
    name: name.replace("col-", "c"),
    data: rows.map((row) => renamed(row[name])),
  }));
  return new Uint8Array(parquetWriteBuffer({ schema, columnData }));
}

// What hyparquet-writer takes: days, unscaled decimals, and entries of maps.
function renamed(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(([key, part]) => ({ key, value: renamed(part) }));
  if (Array.isArray(value)) return value.map(renamed);
  if (value === "1500-01-01") return Number(DAY_IN_1500);
  if (value === "12345678901234567890.12345") return 1234567890123456789012345n;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name.replace("col-", "c"), renamed(part)]),
  );
}
