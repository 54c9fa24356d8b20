/** The change reader beside a naive model: what a commit changed is the difference of the rows before and after. */
import { assertEquals } from "@std/assert";
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
  type Row,
  tableChanges,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { CHANGED_SCHEMA, naiveFrame, randomChange, randomRows } from "../change/random_changes.ts";
import { type NaiveRow, sortedTexts } from "../naive_table.ts";
import { seededRandom, testContext } from "../test_context.ts";

/** Random walks; more with RATALAKE_SEEDS. */
const SEEDS = Number(Deno.env.get("RATALAKE_SEEDS") ?? 1);

interface Found {
  readonly deletes: readonly NaiveRow[];
  readonly inserts: readonly NaiveRow[];
}

async function changesOf(table: DeltaTable, from: number, withMoved = false): Promise<Found> {
  const rows: Row[] = [];
  const mark = tableSchema({ _change_type: "string" }).fields;
  for await (const frame of tableChanges(table, { from, withMoved })) {
    for (const row of frameRows(frame, [...table.snapshot.schema.fields, ...mark])) rows.push(row);
  }
  const ofType = (type: string) => rows.filter((row) => row._change_type === type) as unknown as NaiveRow[];
  return { deletes: ofType("delete"), inserts: ofType("insert") };
}

/** What is in the first list and not in the second, copies counted. */
function without(one: readonly string[], other: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const text of other) left.set(text, (left.get(text) ?? 0) + 1);
  return one.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}

for (const partitionColumns of [[], ["part"]]) {
  const name =
    `random changes give exactly the rows that came and went, partitioned by "${partitionColumns}"`;
  Deno.test(name, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(seed);
      const table = await createTable(
        new MemoryStore(),
        { schema: CHANGED_SCHEMA, partitionColumns },
        testContext(),
      );
      let rows = randomRows(random, 30);
      await appendFrame(table, naiveFrame(rows));
      for (let step = 0; step < 8; step++) {
        const { version } = table.snapshot;
        const change = randomChange(random);
        await change.run(table);
        if (random() < 0.3) await optimizeTable(table);
        const [before, after] = [sortedTexts(rows), sortedTexts(change.apply(rows))];
        const { deletes, inserts } = await changesOf(table, version);
        const about = `seed ${seed}, step ${step}: ${change.name}`;
        assertEquals(sortedTexts(deletes), without(before, after), about);
        assertEquals(sortedTexts(inserts), without(after, before), about);
        rows = change.apply(rows);
      }
    }
  });
}

const row = (id: number, note: string): Row => ({ id: BigInt(id), part: null, size: null, note });

async function threeRows(): Promise<DeltaTable> {
  const table = await createTable(new MemoryStore(), { schema: CHANGED_SCHEMA }, testContext());
  await appendFrame(table, [row(1, "a"), row(2, "b"), row(3, "c")]);
  return table;
}

Deno.test("deleting one row of a file is one delete; with the rows that moved it is three and two", async () => {
  const table = await threeRows();
  await deleteRows(table, "id = 2");
  const { deletes, inserts } = await changesOf(table, 1);
  assertEquals([deletes.map(({ id }) => id), inserts], [[2n], []]);
  const moved = await changesOf(table, 1, true);
  assertEquals([moved.deletes.length, moved.inserts.length], [3, 2]);
});

Deno.test("a merge that sets a row to what it was changes nothing", async () => {
  const table = await threeRows();
  await mergeInto(table, [row(2, "b"), row(3, "z")], { on: ["id"], whenMatched: [{ action: "update" }] });
  const { deletes, inserts } = await changesOf(table, 1);
  assertEquals([deletes.map(({ note }) => note), inserts.map(({ note }) => note)], [["c"], ["z"]]);
});

Deno.test("of equal rows as many go as went", async () => {
  const table = await createTable(new MemoryStore(), { schema: CHANGED_SCHEMA }, testContext());
  const same = row(1, "a");
  await appendFrame(table, [same, same, same, row(2, "b")]);
  await overwriteTable(table, [same, same, same, same, row(3, "b")]);
  const { deletes, inserts } = await changesOf(table, 1);
  assertEquals([deletes.map(({ id }) => id), inserts.map(({ id }) => id)], [[2n], [1n, 3n]]);
});

Deno.test("rows that differ in nested values alone have not moved", async () => {
  const list = { type: "array", elementType: "long", containsNull: true } as const;
  const inside = { type: "struct", fields: [...tableSchema({ a: "string", b: "string" }).fields] } as const;
  const schema = tableSchema({ list, inside, bytes: "binary", price: "decimal(38,2)" });
  const table = await createTable(new MemoryStore(), { schema }, testContext());
  const variants: readonly Row[] = [
    { list: null },
    { list: [] },
    { list: [null] },
    { list: [1n, 2n] },
    { list: [2n, 1n] },
    { inside: {} },
    { inside: { a: "x" } },
    { inside: { b: "x" } },
    { bytes: new Uint8Array() },
    { bytes: new Uint8Array([0]) },
    { price: "0.01" },
    { price: "-0.01" },
  ];
  for (const [index, gone] of variants.entries()) {
    await overwriteTable(table, variants);
    const { version } = table.snapshot;
    await overwriteTable(table, variants.filter((variant) => variant !== gone));
    const { deletes, inserts } = await changesOf(table, version);
    assertEquals([deletes.length, inserts.length], [1, 0], `variant ${index}`);
  }
});
