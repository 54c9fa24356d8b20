import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  createTable,
  deleteRows,
  type DeltaTable,
  MemoryStore,
  mergeInto,
  openTable,
  overwriteTable,
  type Predicate,
  replaceGroups,
  tableSchema,
  updateRows,
} from "../../../lib/delta/mod.ts";
import { tableRows } from "../table_rows.ts";
import { testContext } from "../test_context.ts";

const schema = tableSchema({ id: "long", name: "string" });
const isOne: Predicate = { kind: "compare", column: ["id"], operator: "=", value: 1n };

/** Changes of what has the id 1, and the names of ids 1 and 2 when another 1 came in before them, or after. */
const CHANGES: readonly (readonly [string, (table: DeltaTable) => Promise<unknown>, string, string])[] = [
  ["delete", (table) => deleteRows(table, isOne), "2 keep", "1 new, 2 keep"],
  [
    "update",
    (table) => updateRows(table, { set: { name: "set" }, where: isOne }),
    "1 set, 1 set, 2 keep",
    "1 new, 1 set, 2 keep",
  ],
  ["overwrite", (table) => overwriteTable(table, frameOf([[3, "all"]])), "3 all", "1 new, 3 all"],
  [
    "replace where",
    (table) => overwriteTable(table, frameOf([[1, "set"]]), { replaceWhere: isOne }),
    "1 set, 2 keep",
    "1 new, 1 set, 2 keep",
  ],
  [
    "merge",
    (table) =>
      mergeInto(table, frameOf([[1, "set"]]), {
        on: ["id"],
        whenMatched: [{ action: "update" }],
        whenNotMatched: [{}],
      }),
    "1 set, 1 set, 2 keep",
    "1 new, 1 set, 2 keep",
  ],
  [
    "merge by source",
    (table) =>
      mergeInto(table, frameOf([[2, "x"]]), { on: ["id"], whenNotMatchedBySource: [{ action: "delete" }] }),
    "2 keep",
    "1 new, 2 keep",
  ],
  [
    "replace groups",
    (table) => replaceGroups(table, frameOf([[1, "set"]]), { by: ["id"] }),
    "1 set, 2 keep",
    "1 new, 1 set, 2 keep",
  ],
];

// The rival's rows are in a file that nobody removes: only what was read tells that they matter.
for (const [name, change, after, before] of CHANGES) {
  Deno.test(`rows that come in while a change is under way: ${name}`, async (t) => {
    await t.step("under Serializable they count, blind append or not", async () => {
      assertEquals(await race(change, "Serializable", blindAppend), after);
      assertEquals(await race(change, "Serializable", readingInsert), after);
    });
    await t.step("under WriteSerializable those of a blind append may come after it", async () => {
      assertEquals(await race(change, "WriteSerializable", blindAppend), before);
    });
    await t.step("under WriteSerializable those of a writer that has read count", async () => {
      assertEquals(await race(change, "WriteSerializable", readingInsert), after);
    });
    await t.step("rows elsewhere do not stop it", async () => {
      const elsewhere = (rival: DeltaTable) => appendFrame(rival, frameOf([[1000, "far"]]));
      const isWhole = name === "overwrite" || name === "merge by source";
      const { table, readVersion } = await raced(change, "Serializable", elsewhere);
      // What was worked out again has read version 2, what was only sent again has read version 1.
      assertEquals([readVersion, table.snapshot.version], [isWhole ? 2 : 1, 3]);
    });
  });
}

type Rival = (table: DeltaTable) => Promise<unknown>;

function blindAppend(rival: DeltaTable): Promise<unknown> {
  return appendFrame(rival, frameOf([[1, "new"]]));
}

// Says in the log that it has read, since it depends on what is there.
function readingInsert(rival: DeltaTable): Promise<unknown> {
  const insert = { on: ["name"], whenNotMatched: [{}] };
  return mergeInto(rival, frameOf([[1, "new"]]), insert);
}

async function race(change: Rival, level: string, rivalry: Rival): Promise<string> {
  const { table } = await raced(change, level, rivalry);
  return (await tableRows(table)).map(({ id, name }) => `${id} ${name}`).join(", ");
}

/** Runs the rival just before the change is committed; tells which version the change has read in the end. */
async function raced(
  change: Rival,
  level: string,
  rivalry: Rival,
): Promise<{ readonly table: DeltaTable; readonly readVersion: number | undefined }> {
  let isArmed = false;
  const store = new MemoryStore({
    beforePut: async (path, self) => {
      if (!isArmed || !path.startsWith("_delta_log/")) return;
      isArmed = false;
      await rivalry(await openTable(self, testContext("rival")));
    },
  });
  const configuration = { "delta.isolationLevel": level };
  const table = await createTable(store, { schema, configuration }, testContext("mine"));
  await appendFrame(table, frameOf([[1, "old"], [2, "keep"]]));
  isArmed = true;
  await change(table);
  await table.update();
  const [entry] = await table.history({ limit: 1 });
  return { table, readVersion: entry?.commitInfo.readVersion };
}

function frameOf(rows: readonly (readonly [number, string])[]): pl.DataFrame {
  const frame = pl.DataFrame({ id: rows.map(([id]) => id), name: rows.map(([, name]) => name) });
  return frame.select(pl.col("id").cast(pl.Int64), pl.col("name").cast(pl.Utf8));
}
