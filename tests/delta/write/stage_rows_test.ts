import { assertEquals, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import {
  createTable,
  type DeltaTable,
  MemoryStore,
  type NewTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import type { DataType } from "../../../lib/delta/schema/schema.ts";
import { frameRows } from "../frame_rows.ts";
import { randomText } from "../random_values.ts";
import { seededRandom, testContext } from "../test_context.ts";

const counts: DataType = { type: "map", keyType: "string", valueType: "long", valueContainsNull: true };
const schema = tableSchema({
  text: "string",
  big: "long",
  whole: "integer",
  small: "short",
  tiny: "byte",
  single: "float",
  ratio: "double",
  yes: "boolean",
  raw: "binary",
  money: "decimal(10,2)",
  huge: "decimal(38,3)",
  day: "date",
  time: "timestamp",
  list: { type: "array", elementType: tableSchema({ a: "string", b: "long" }), containsNull: true },
  inside: tableSchema({ x: "string", y: "timestamp" }),
  counts,
});

const ROWS = [
  {
    text: "ä😈",
    big: 2n ** 63n - 1n,
    whole: -(2 ** 31),
    small: 2 ** 15 - 1,
    tiny: -128,
    single: 0.5,
    ratio: 0.1,
    yes: true,
    raw: new Uint8Array([0, 255]),
    money: "-12.5",
    huge: "12345678901234567890123456789012345.678",
    day: "2025-02-17",
    time: -1n,
    list: [{ a: "q", b: 1n }, null, { a: null, b: 2 }],
    inside: { x: null, y: new Date(5) },
    counts: { one: 1, none: null },
  },
  { list: [], inside: null, counts: new Map([["big", 2n ** 62n]]), day: new Date("1969-12-31"), big: 7 },
  { counts: {} },
];

Deno.test("rows of every type come back as they were written", async () => {
  const table = await newTable({ schema });
  const rows = frameRows(await table.readFile(await table.stageRows(ROWS)));
  assertEquals(rows[0], {
    text: "ä😈",
    big: 2n ** 63n - 1n,
    whole: -(2 ** 31),
    small: 2 ** 15 - 1,
    tiny: -128,
    single: 0.5,
    ratio: 0.1,
    yes: true,
    raw: [0, 255],
    money: rows[0]?.money,
    huge: rows[0]?.huge,
    day: "2025-02-17",
    time: -1n,
    list: [{ a: "q", b: "1" }, null, { a: null, b: "2" }],
    inside: { x: null, y: 5 },
    counts: [{ key: "one", value: "1" }, { key: "none", value: null }],
  });
  const decimals = await table.readFile(await table.stageRows(ROWS), { columns: ["money", "huge"] });
  assertEquals(frameRows(decimals.select(pl.col("money").cast(pl.Utf8), pl.col("huge").cast(pl.Utf8)))[0], {
    money: "-12.50",
    huge: "12345678901234567890123456789012345.678",
  });
  assertEquals([rows[1]?.list, rows[1]?.inside, rows[1]?.day], [[], null, "1969-12-31"]);
  assertEquals(rows[1]?.counts, [{ key: "big", value: String(2n ** 62n) }]);
  assertEquals([rows[2]?.counts, rows[2]?.list, rows[2]?.text], [[], null, null]);
});

Deno.test("rows and a frame with the same values have the same statistics", async () => {
  const { fields } = schema;
  const table = await newTable({
    schema: { ...schema, fields: fields.filter(({ name }) => name !== "counts") },
  });
  for (let seed = 1; seed <= 10; seed++) {
    const random = seededRandom(seed);
    const add = await table.stageRows(Array.from({ length: 30 }, () => randomRow(random)));
    const again = await table.stageFile(await table.readFile(add));
    assertEquals(again.stats, add.stats);
  }
});

const WRONG: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
  [{ big: 1.5 }, 'column "big": found 1.5, expected long'],
  [{ big: 2 ** 53 }, "expected long"],
  [{ big: 2n ** 63n }, "found 9223372036854775808n, expected long"],
  [{ whole: 2 ** 31 }, "expected integer"],
  [{ text: 5 }, 'column "text": found 5, expected string'],
  [{ text: "\ud800" }, "expected string"],
  [{ day: "2025-02-30" }, "expected date"],
  [{ time: "2025-02-17T00:00:00Z" }, "expected timestamp"],
  [{ money: "123456789.00" }, "expected decimal(10,2)"],
  [{ money: "1.005" }, "expected decimal(10,2)"],
  [{ money: 1.5 }, "expected decimal(10,2)"],
  [{ list: "x" }, "expected array"],
  [{ list: [{ a: 1 }] }, 'column "list[].a": found 1, expected string'],
  [{ inside: { z: 1 } }, 'Cannot write "inside": found the field "z", expected x, y'],
  [{ counts: { one: "1" } }, 'column "counts.value": found "1", expected long'],
  [{ counts: new Map([[1, 1]]) }, 'column "counts.key": found 1, expected string'],
  [{ more: 1 }, 'found the field "more"'],
];

Deno.test("a value that does not fit is refused with its column and both types", async () => {
  const table = await newTable({ schema });
  for (const [row, message] of WRONG) await assertRejects(() => table.stageRows([row]), TypeError, message);
  assertEquals(await table.store.list("part"), []);
});

Deno.test("a null in a column that must not have any is refused", async () => {
  const fields = [{ name: "id", type: "long", nullable: false, metadata: {} }] as const;
  const table = await newTable({ schema: { type: "struct", fields } });
  await assertRejects(
    () => table.stageRows([{ id: 1 }, {}]),
    TypeError,
    'column "id": found null, expected long',
  );
});

Deno.test("no rows make a file without rows", async () => {
  const table = await newTable({ schema });
  assertEquals(frameRows(await table.readFile(await table.stageRows([]))), []);
});

async function newTable(definition: NewTable): Promise<DeltaTable> {
  return await createTable(new MemoryStore(), definition, testContext());
}

function randomRow(random: () => number): Readonly<Record<string, unknown>> {
  const upTo = (limit: number) => Math.floor(random() * limit);
  const row = {
    text: randomText(random, 50),
    big: BigInt(upTo(2 ** 50)) * 8191n - 2n ** 60n,
    whole: upTo(2 ** 32) - 2 ** 31,
    small: upTo(2 ** 16) - 2 ** 15,
    tiny: upTo(256) - 128,
    single: (random() - 0.5) * 1e10,
    ratio: random() < 0.01 ? NaN : (random() - 0.5) * 1e-10,
    yes: random() < 0.5,
    raw: Uint8Array.from({ length: upTo(5) }, () => upTo(256)),
    money: `${random() < 0.5 ? "-" : ""}${upTo(99_999_999)}.${String(upTo(100)).padStart(2, "0")}`,
    huge: `${upTo(2 ** 50)}${upTo(2 ** 50)}.${String(upTo(1000)).padStart(3, "0")}`,
    day: new Date((upTo(100_000) - 50_000) * 86_400_000),
    time: BigInt(upTo(2 ** 52)) - 2n ** 51n,
    list: Array.from({ length: upTo(3) }, () => ({ a: randomText(random, 3), b: upTo(9) })),
    inside: random() < 0.3 ? null : { x: randomText(random, 40), y: BigInt(upTo(2 ** 50)) },
  };
  return Object.fromEntries(Object.entries(row).filter(() => random() < 0.8));
}

Deno.test("zeros keep their signs, side by side and alone", async () => {
  const zeros = tableSchema({
    ratio: "double",
    list: { type: "array", elementType: "float", containsNull: true },
  });
  const table = await createTable(new MemoryStore(), { schema: zeros }, testContext());
  for (const signs of [[0, -0], [-0, 0], [-0, -0, -0]]) {
    const rows = signs.map((zero) => ({ ratio: zero, list: [zero, -zero] }));
    const add = await table.stageRows(rows);
    assertEquals(JSON.parse(add.stats ?? "{}").minValues, { ratio: -0 });
    const read = frameRows(await table.readFile(await table.stageFile(await table.readFile(add))));
    assertEquals(read.map(({ ratio }) => Object.is(ratio, -0)), signs.map((zero) => Object.is(zero, -0)));
  }
});
