/** Tables with maps, which polars knows as lists of their entries, are changed like all others. */

import { assertEquals, assertRejects } from "@std/assert";
import {
  appendFrame,
  createTable,
  deleteRows,
  type DeltaTable,
  frameRows,
  MemoryStore,
  mergeInto,
  optimizeTable,
  overwriteTable,
  parsePredicate,
  replaceGroups,
  type Row,
  scanTable,
  type StructType,
  tableSchema,
  updateRows,
} from "../../../lib/delta/mod.ts";
import { testContext } from "../test_context.ts";

const COUNTS = { type: "map", keyType: "string", valueType: "long", valueContainsNull: true } as const;
const SCHEMA: StructType = tableSchema({
  id: "long",
  m: COUNTS,
  deep: tableSchema({
    day: { type: "map", keyType: "date", valueType: "decimal(38,3)", valueContainsNull: true },
  }),
  list: { type: "array", elementType: COUNTS, containsNull: true },
});

const ROWS: readonly Row[] = [
  { id: 1n, m: new Map([["a", 2n ** 62n], ["b", null]]), deep: null, list: [new Map([["x", 1n]]), null] },
  { id: 2n, m: new Map(), deep: { day: new Map([["2025-02-17", "-1.500"]]) }, list: [] },
  { id: 3n, m: null, deep: { day: null }, list: null },
];

async function newTable(rows: readonly Row[] = ROWS): Promise<DeltaTable> {
  const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
  const adds = [await table.stageRows(rows)];
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" });
  return table;
}

async function frameOf(rows: readonly Row[]) {
  const table = await newTable(rows);
  const [add] = table.snapshot.files.values();
  return await table.readFile(add ?? { path: "", partitionValues: {} });
}

async function tableRows(table: DeltaTable): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const frame of scanTable(table)) rows.push(...frameRows(frame, SCHEMA.fields));
  return rows.toSorted((left, right) => Number(left.id) - Number(right.id));
}

Deno.test("rows with maps are appended, deleted, updated, merged, replaced and rewritten as they are", async () => {
  const id = (text: string) => parsePredicate(text, SCHEMA);
  const news: readonly Row[] = [{ ...ROWS[1], id: 1n }, { ...ROWS[0], id: 4n }];
  const changes: readonly (readonly [string, (table: DeltaTable) => Promise<unknown>, readonly Row[]])[] = [
    ["append", async (table) => await appendFrame(table, await frameOf(news.slice(1))), [
      ...ROWS,
      ...news.slice(1),
    ]],
    ["delete", (table) => deleteRows(table, id("id = 2")), [ROWS[0] ?? {}, ROWS[2] ?? {}]],
    ["update", (table) => updateRows(table, { set: { id: 7n }, where: id("id = 3") }), [
      ...ROWS.slice(0, 2),
      { ...ROWS[2], id: 7n },
    ]],
    ["merge", async (table) =>
      await mergeInto(table, await frameOf(news), {
        on: ["id"],
        whenMatched: [{ action: "update" }],
        whenNotMatched: [{}],
      }), [news[0] ?? {}, ...ROWS.slice(1), news[1] ?? {}]],
    [
      "replace a part",
      async (table) =>
        await overwriteTable(table, await frameOf(news.slice(0, 1)), { replaceWhere: id("id < 3") }),
      [
        news[0] ?? {},
        ROWS[2] ?? {},
      ],
    ],
    ["replace groups", async (table) => await replaceGroups(table, await frameOf(news), { by: ["id"] }), [
      news[0] ?? {},
      ...ROWS.slice(1),
      news[1] ?? {},
    ]],
    ["compact", (table) => optimizeTable(table, { minFiles: 1 }), ROWS],
    [
      "widen",
      async (table) => await appendFrame(table, await frameOf(news.slice(1)), { mergeSchema: true }),
      [
        ...ROWS,
        ...news.slice(1),
      ],
    ],
  ];
  for (const [name, change, expected] of changes) {
    const table = await newTable();
    await change(table);
    assertEquals(await tableRows(table), expected, name);
  }
});

Deno.test("a constraint is kept in tables with maps, and keys that are null are refused", async () => {
  const configuration = { "delta.constraints.small": "id < 3" };
  const table = await createTable(new MemoryStore(), { schema: SCHEMA, configuration }, testContext());
  await appendFrame(table, await frameOf(ROWS.slice(0, 2)));
  await assertRejects(async () => await appendFrame(table, await frameOf(ROWS)), TypeError, '"small"');
  assertEquals((await tableRows(table)).length, 2);
});

Deno.test("a date of any year goes through a map", async () => {
  const day = new Map([["-0044-03-15", "1.000"], ["+12025-01-01", null]]);
  const table = await newTable([{ id: 1n, deep: { day } }]);
  await updateRows(table, { set: { id: 2n } });
  const [add] = table.snapshot.files.values();
  const frame = await table.readFile(add ?? { path: "", partitionValues: {} });
  assertEquals([...frameRows(frame, SCHEMA.fields)][0]?.deep, { day });
});
