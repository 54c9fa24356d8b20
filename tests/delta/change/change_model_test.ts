import { assert, assertEquals } from "@std/assert";
import { appendFrame, createTable, type DeltaTable, MemoryStore, openTable } from "../../../lib/delta/mod.ts";
import { type NaiveRow, sortedTexts } from "../naive_table.ts";
import { type Change, CHANGED_SCHEMA, naiveFrame, randomChange, randomRows } from "./random_changes.ts";
import { tableRows } from "../table_rows.ts";
import { seededRandom, testContext } from "../test_context.ts";
import { rounds } from "../../rounds.ts";

/** Random walks per kind of table; more with RATALAKE_SEEDS. */
const SEEDS = Number(Deno.env.get("RATALAKE_SEEDS") ?? 1);
const CHANGES = 10;

for (const partitionColumns of [[], ["part"]]) {
  Deno.test(`changes of a table partitioned by "${partitionColumns}" equal those of a naive model`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) await walk(seed, partitionColumns);
  });

  for (const level of ["WriteSerializable", "Serializable"]) {
    const name =
      `under ${level} two changes at once equal one after the other, partitioned by "${partitionColumns}"`;
    Deno.test(name, async () => {
      const setting = { partitionColumns, level };
      for (let seed = 1; seed <= rounds(6) * SEEDS; seed++) await race(seed, setting);
    });
  }
}

async function walk(seed: number, partitionColumns: readonly string[]): Promise<void> {
  const random = seededRandom(seed);
  const store = new MemoryStore();
  const table = await createTable(store, { schema: CHANGED_SCHEMA, partitionColumns }, testContext());
  let rows = randomRows(random, 20);
  await appendFrame(table, naiveFrame(rows));
  for (let step = 0; step < CHANGES; step++) {
    const change = randomChange(random);
    const { status } = await change.run(table);
    const expected = change.apply(rows);
    assertEquals(await textsOf(table), sortedTexts(expected), `seed ${seed}, step ${step}: ${change.name}`);
    if (status === "unchanged") assertEquals(sortedTexts(rows), sortedTexts(expected));
    rows = expected;
  }
  assertEquals((await openTable(store, testContext())).snapshot, table.snapshot);
}

interface Setting {
  readonly partitionColumns: readonly string[];
  readonly level: string;
}

/** A rival changes the table after the first change has read it and before that is committed. */
async function race(seed: number, { partitionColumns, level }: Setting): Promise<void> {
  const random = seededRandom(1000 + seed);
  const rows = randomRows(random, 16);
  const [mine, rival] = [randomChange(random), randomChange(random)];
  let isRivalDone = true;
  const store = new MemoryStore({
    beforePut: async (path, self) => {
      if (isRivalDone || !path.startsWith("_delta_log/")) return;
      isRivalDone = true;
      await rival.run(await openTable(self, testContext("rival")));
    },
  });
  const expected = {
    schema: CHANGED_SCHEMA,
    partitionColumns,
    configuration: { "delta.isolationLevel": level },
  };
  const table = await createTable(store, expected, testContext());
  for (const half of [rows.slice(0, 8), rows.slice(8)]) await appendFrame(table, naiveFrame(half));
  isRivalDone = false;
  await mine.run(table);
  await table.update();
  const orders = ordersOf(mine, isRivalDone ? rival : undefined, level);
  const results = orders.map((order) =>
    sortedTexts(order.reduce((now, { apply }) => apply(now), rows)).join("\n")
  );
  const found = (await textsOf(table)).join("\n");
  assert(results.includes(found), `seed ${seed}: ${mine.name} while ${rival.name} came first:\n${found}`);
}

// The log has the rival first. WriteSerializable lets the readers of the log see another order.
function ordersOf(mine: Change, rival: Change | undefined, level: string): readonly (readonly Change[])[] {
  if (rival === undefined) return [[mine]];
  return level === "Serializable" ? [[rival, mine]] : [[rival, mine], [mine, rival]];
}

async function textsOf(table: DeltaTable): Promise<readonly string[]> {
  return sortedTexts(await tableRows(table) as unknown as readonly NaiveRow[]);
}
