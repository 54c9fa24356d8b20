import { assertEquals } from "@std/assert";
import { frameRows } from "../../../lib/delta/read/frame_rows.ts";
import { createTable, MemoryStore, tableSchema } from "../../../lib/delta/mod.ts";
import type { Row } from "../../../lib/delta/schema/row_value.ts";
import { testContext } from "../test_context.ts";

const map = { type: "map", keyType: "string", valueType: "long", valueContainsNull: true } as const;
const SCHEMA = tableSchema({
  long: "long",
  small: "byte",
  double: "double",
  truth: "boolean",
  text: "string",
  bytes: "binary",
  day: "date",
  time: "timestamp",
  price: "decimal(38,18)",
  whole: "decimal(5,0)",
  list: { type: "array", elementType: "timestamp", containsNull: true },
  map,
  struct: tableSchema({
    a: "long",
    b: { type: "array", elementType: map, containsNull: true },
    c: "decimal(10,2)",
  }),
});
const ROWS: readonly Row[] = [
  {
    long: 2n ** 63n - 1n,
    small: -128,
    double: 0.1,
    truth: true,
    text: "päivä \u{1f682}",
    bytes: new Uint8Array([0, 255]),
    day: "1582-10-04",
    time: -62_135_596_800_000_001n,
    price: "-12345678901234567890.123456789012345678",
    whole: "-7",
    list: [1n, null, 9_007_199_254_740_993n],
    map: new Map([["a", 2n ** 60n], ["__proto__", null]]),
    struct: { a: 1n, b: [new Map([["x", 1n]]), new Map(), null], c: "-0.05" },
  },
  Object.fromEntries(SCHEMA.fields.map(({ name }) => [name, null])),
  {
    long: -1n,
    small: 1,
    double: -0,
    truth: false,
    text: "",
    bytes: new Uint8Array(),
    day: "9999-12-31",
    time: 0n,
    price: "0.000000000000000000",
    whole: "0",
    list: [],
    map: new Map(),
    struct: { a: null, b: null, c: null },
  },
];

Deno.test("rows come out of a frame exactly as they were written", async () => {
  const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
  const frame = await table.readFile(await table.stageRows(ROWS));
  assertEquals([...frameRows(frame, SCHEMA.fields)], ROWS);
});

Deno.test("rows of a part of the columns, and of no rows at all", async () => {
  const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
  const frame = await table.readFile(await table.stageRows(ROWS), { columns: ["long"] });
  const fields = SCHEMA.fields.filter(({ name }) => name === "long");
  assertEquals([...frameRows(frame, fields)], [{ long: 2n ** 63n - 1n }, { long: null }, { long: -1n }]);
  assertEquals([...frameRows(frame.head(0), fields)], []);
});
