/** What a caller who reads no manual writes: paths, text, plain rows, and no clock. */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  convertFolder,
  createTable,
  deleteRows,
  type DeltaTable,
  exactLiteral,
  frameOf,
  frameRows,
  MemoryStore,
  mergeInto,
  openTable,
  openTableAt,
  optimizeTable,
  overwriteTable,
  replaceGroups,
  type Row,
  scanArrow,
  scanTable,
  tableSchema,
  updateRows,
} from "../../lib/delta/mod.ts";
import { seededRandom, testContext } from "./test_context.ts";

async function rowsOf(table: DeltaTable, where?: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const frame of scanTable(table, { where })) {
    for (const row of frameRows(frame, table.snapshot.schema.fields)) rows.push(row);
  }
  return rows.toSorted((left, right) => String(Object.values(left)) < String(Object.values(right)) ? -1 : 1);
}

Deno.test("a table in a folder is created, written, read and opened again by its path alone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const table = await createTable(`${folder}/t`, { schema: tableSchema({ n: "long" }) });
    await appendFrame(table, [{ n: 1n }, { n: 2 }, { n: 3n }]);
    for (const place of [`${folder}/t`, `file://${folder}/t`, new URL(`file://${folder}/t/`)]) {
      assertEquals(await rowsOf(await openTable(place), "n > 1"), [{ n: 2n }, { n: 3n }]);
    }
    assertEquals((await openTableAt(`${folder}/t`, { version: 0 })).snapshot.files.size, 0);
    const [entry] = await table.history();
    assertMatch(entry?.commitInfo.txnId ?? "", /^[0-9a-f]{8}-/);
    await Deno.mkdir(`${folder}/plain`);
    await Deno.writeFile(`${folder}/plain/a.parquet`, pl.DataFrame({ n: ["x"] }).writeParquet());
    assertEquals(await rowsOf(await convertFolder(`${folder}/plain`)), [{ n: "x" }]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("rows of every type are taken as JavaScript has them, and come back exactly", async () => {
  const schema = tableSchema({
    id: "long",
    price: "decimal(38,2)",
    day: "date",
    time: "timestamp",
    bytes: "binary",
    names: { type: "array", elementType: "string", containsNull: true },
  });
  const table = await createTable(new MemoryStore(), { schema, partitionColumns: ["day"] }, testContext());
  const row = {
    id: -(2n ** 63n),
    price: "-123456789012345678901234567890123456.78",
    bytes: new Uint8Array([0, 255]),
    names: ["å", null],
  };
  await appendFrame(table, [
    { ...row, day: new Date("2025-02-17T00:00:00Z"), time: new Date("2025-02-17T04:21:00.123Z") },
    { ...row, day: "2025-02-18", time: 1n },
    {},
  ]);
  const nothing = { id: null, price: null, day: null, time: null, bytes: null, names: null };
  assertEquals((await rowsOf(table)).toSorted((a, b) => String(a.day) < String(b.day) ? -1 : 1), [
    { ...row, day: "2025-02-17", time: 1_739_766_060_123_000n },
    { ...row, day: "2025-02-18", time: 1n },
    nothing,
  ]);
});

Deno.test("rows of a table with maps are taken too, partition by partition", async () => {
  const counts = { type: "map", keyType: "string", valueType: "long", valueContainsNull: true } as const;
  const schema = tableSchema({ day: "date", counts });
  const table = await createTable(new MemoryStore(), { schema, partitionColumns: ["day"] }, testContext());
  const day = new Date("2025-02-17T00:00:00Z");
  await appendFrame(table, [{ day, counts: { a: 1n } }, { counts: {} }, { day: "2025-02-17", counts: null }]);
  const values = [...table.snapshot.files.values()].map(({ partitionValues }) => partitionValues.day);
  assertEquals(values.toSorted(), ["2025-02-17", null]);
  assertEquals((await rowsOf(table)).length, 3);
});

Deno.test("Arrow tables are rows as well", async () => {
  const table = await createTable(new MemoryStore(), { schema: tableSchema({ n: "long" }) }, testContext());
  await appendFrame(table, [{ n: 2n ** 60n }]);
  const [batch] = await Array.fromAsync(scanArrow(table));
  assertEquals(batch === undefined, false);
  if (batch !== undefined) await appendFrame(table, batch);
  assertEquals(await rowsOf(table), [{ n: 2n ** 60n }, { n: 2n ** 60n }]);
});

Deno.test("a value that does not fit is refused with its row, its column and both types", async () => {
  const schema = tableSchema({ n: "long", price: "decimal(10,2)" });
  const table = await createTable(new MemoryStore(), { schema }, testContext());
  const bad: readonly (readonly [Row, string])[] = [
    [{ n: 1.5 }, 'Cannot write the column "n": found 1.5, expected long (row 2 of 2)'],
    [{ n: 2n ** 63n }, 'Cannot write the column "n": found 9223372036854775808n, expected long (row 2 of 2)'],
    [
      { price: "1.234" },
      'Cannot write the column "price": found "1.234", expected decimal(10,2) (row 2 of 2)',
    ],
    [{ price: 0.1 }, "found 0.1, expected decimal(10,2) (row 2 of 2)"],
    [{ m: 1 }, 'found the field "m", expected n, price (row 2 of 2)'],
  ];
  for (const [row, message] of bad) {
    await assertRejects(() => appendFrame(table, [{ n: 1n }, row]), TypeError, message);
  }
  assertEquals(table.snapshot.version, 0);
});

const NUMBERS = [-(2n ** 63n), -(2n ** 53n) - 1n, -5n, 0n, 5n, 2n ** 53n + 1n, 2n ** 63n - 1n];

async function numbers(): Promise<DeltaTable> {
  const table = await createTable(new MemoryStore(), { schema: tableSchema({ n: "long" }) }, testContext());
  await appendFrame(table, NUMBERS.map((n) => ({ n })));
  return table;
}

Deno.test("each way to name rows takes text, and every number in it is exact", async () => {
  for (const n of NUMBERS) {
    const others = NUMBERS.filter((other) => other !== n).map((other) => ({ n: other }));
    const sorted = others.toSorted((a, b) => String(a.n) < String(b.n) ? -1 : 1);
    const merge = { on: ["n"], whenMatched: [{ action: "delete", where: `target.n = ${n}` }] } as const;
    const ways: readonly ((table: DeltaTable) => Promise<unknown>)[] = [
      (table) => deleteRows(table, `n = ${n}`),
      (table) => overwriteTable(table, [], { replaceWhere: `n = ${n}` }),
      (table) => mergeInto(table, NUMBERS.map((n) => ({ n })), merge),
      (table) =>
        mergeInto(table, NUMBERS.map((n) => ({ n })), {
          ...merge,
          whenMatched: [{
            action: "delete",
            where: { kind: "compare", column: ["source", "n"], operator: "=", value: n },
          }],
        }),
      (table) =>
        mergeInto(table, NUMBERS.map((n) => ({ n })), {
          ...merge,
          whenMatched: [{ action: "delete", where: pl.col("n").eq(exactLiteral(n, "long")) }],
        }),
    ];
    for (const way of ways) {
      const table = await numbers();
      await way(table);
      assertEquals(await rowsOf(table), sorted, String(n));
    }
    const table = await numbers();
    await updateRows(table, { set: { n: 7n }, where: `n = ${n}` });
    assertEquals((await rowsOf(table, "n = 7")).length, 1);
    assertEquals(await rowsOf(await numbers(), `n = ${n}`), [{ n }]);
  }
});

Deno.test("a text of a merge sees both sides, and an insert the source alone", async () => {
  const schema = tableSchema({ id: "long", v: "long", source: "string" });
  const table = await createTable(new MemoryStore(), { schema }, testContext());
  await appendFrame(table, [{ id: 1n, v: 5n, source: "a" }, { id: 2n, v: 5n, source: "b" }, {
    id: 4n,
    v: 0n,
  }]);
  const news = [{ id: 1n, v: 6n, source: "x" }, { id: 2n, v: 4n, source: "y" }, { id: 3n, v: -1n }, {
    id: 5n,
    v: 9n,
  }];
  await mergeInto(table, news, {
    on: ["id"],
    whenMatched: [{ action: "update", where: "source.v > v AND target.source = 'a'" }],
    whenNotMatched: [{ where: "v < 0 OR source.v = 0" }],
    whenNotMatchedBySource: [{ action: "delete", where: "target.v = 0" }],
  });
  assertEquals(await rowsOf(table), [
    { id: 1n, v: 6n, source: "x" },
    { id: 2n, v: 5n, source: "b" },
    { id: 3n, v: -1n, source: null },
  ]);
  const wrong = { on: ["id"], whenNotMatched: [{ where: "target.v = 1" }] };
  await assertRejects(
    () => mergeInto(table, news, wrong),
    TypeError,
    "found target at character 1, expected one of",
  );
});

Deno.test("keys that polars made null are noticed, and keys that are null in the rows are not", async () => {
  const table = await createTable(new MemoryStore(), { schema: tableSchema({ id: "long" }) }, testContext());
  const lost = pl.DataFrame({ id: [1n, 2n] }, { schema: { id: pl.Int64 } });
  assertEquals(lost.getColumn("id").nullCount(), 2, "nodejs-polars still does this");
  const merge = { on: ["id"], whenNotMatched: [{}] };
  await assertRejects(
    () => mergeInto(table, lost, merge),
    TypeError,
    'Cannot merge by the column "id": found nothing but nulls',
  );
  await assertRejects(
    () => replaceGroups(table, lost, { by: ["id"] }),
    TypeError,
    "found nulls, expected none",
  );
  assertEquals(table.snapshot.version, 0);
  await mergeInto(table, [{ id: null }], merge);
  await mergeInto(table, frameOf([{ id: null }], table.snapshot.schema), merge);
  assertEquals(await rowsOf(table), [{ id: null }, { id: null }]);
});

Deno.test("optimize takes its partitions as text", async () => {
  const schema = tableSchema({ day: "date", n: "long" });
  const table = await createTable(new MemoryStore(), { schema, partitionColumns: ["day"] }, testContext());
  const random = seededRandom(1);
  for (let n = 0; n < 6; n++) {
    await appendFrame(table, [{
      day: n % 2 === 0 ? "2025-02-17" : "2025-02-18",
      n: BigInt(Math.floor(random() * 9)),
    }]);
  }
  const { filesRemoved, filesAdded } = await optimizeTable(table, { where: "day = '2025-02-17'" });
  assertEquals([filesRemoved, filesAdded], [3, 1]);
});
