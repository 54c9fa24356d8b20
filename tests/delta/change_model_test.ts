import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { appendFrame } from "../../lib/delta/append_frame.ts";
import type { WriteOutcome } from "../../lib/delta/commit_computed.ts";
import { deleteRows } from "../../lib/delta/delete_rows.ts";
import { sourceColumn } from "../../lib/delta/merge_clauses.ts";
import { mergeInto } from "../../lib/delta/merge_into.ts";
import { createTable, type DeltaTable, MemoryStore, openTable, tableSchema } from "../../lib/delta/mod.ts";
import { overwriteTable } from "../../lib/delta/overwrite_table.ts";
import { replaceGroups } from "../../lib/delta/replace_groups.ts";
import { updateRows } from "../../lib/delta/update_rows.ts";
import { type NaiveRow, randomPredicate, randomRow, sortedTexts, truthOf } from "./naive_table.ts";
import { tableRows } from "./table_rows.ts";
import { seededRandom, testContext } from "./test_context.ts";

/** Walks per kind of table; more with RATALAKE_SEEDS. */
const SEEDS = Number(Deno.env.get("RATALAKE_SEEDS") ?? 3);
const CHANGES = 10;
const schema = tableSchema({ id: "long", part: "string", size: "integer", note: "string" });

/** Changes the real table, and says what the rows have to be after it. */
type Change = (
  table: DeltaTable,
  rows: readonly NaiveRow[],
  random: () => number,
) => Promise<{ readonly outcome: WriteOutcome; readonly wanted: readonly NaiveRow[] }>;

const CHANGES_BY_NAME: Readonly<Record<string, Change>> = {
  append: async (table, rows, random) => {
    const more = randomRows(random, 8);
    return { outcome: await appendFrame(table, frameOf(more)), wanted: [...rows, ...more] };
  },
  delete: async (table, rows, random) => {
    const where = randomPredicate(random);
    const wanted = rows.filter((row) => truthOf(where, row) !== true);
    return { outcome: await deleteRows(table, where), wanted };
  },
  update: async (table, rows, random) => {
    const where = randomPredicate(random);
    const set = {
      note: "set",
      size: pl.col("size").add(pl.lit(1).cast(pl.Int32)),
      part: random() < 0.5 ? "a" : pl.col("part"),
    };
    const wanted = rows.map((row) => truthOf(where, row) === true ? grow(row, set.part === "a") : row);
    return { outcome: await updateRows(table, { set, where }), wanted };
  },
  "replace where": async (table, rows, random) => {
    const where = randomPredicate(random, 1);
    const more = randomRows(random, 6).filter((row) => truthOf(where, row) === true);
    const outcome = await overwriteTable(table, frameOf(more), { replaceWhere: where });
    return { outcome, wanted: [...rows.filter((row) => truthOf(where, row) !== true), ...more] };
  },
  "merge by one key": (table, rows, random) => mergeBy(["id"], table, rows, random),
  "merge by two keys": (table, rows, random) => mergeBy(["part", "id"], table, rows, random),
  "replace groups": async (table, rows, random) => {
    const source = randomRows(random, 5).filter(({ id, part }) => id !== null && part !== null);
    const keys = new Set(source.map(keyOf(["part", "id"])));
    const outcome = await replaceGroups(table, frameOf(source), { by: ["part", "id"] });
    return { outcome, wanted: [...rows.filter((row) => !keys.has(keyOf(["part", "id"])(row))), ...source] };
  },
  "replace groups by the newest": async (table, rows, random) => {
    const source = randomRows(random, 5).filter(({ id, size }) => id !== null && size !== null);
    const outcome = await replaceGroups(table, frameOf(source), { by: ["id"], newestBy: "size" });
    return { outcome, wanted: replaceNewest(rows, source) };
  },
};

for (const partitionColumns of [[], ["part"]]) {
  Deno.test(`changes of a table partitioned by "${partitionColumns}" equal those of a naive model`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) await walk(seed, partitionColumns);
  });
}

async function walk(seed: number, partitionColumns: readonly string[]): Promise<void> {
  const random = seededRandom(seed);
  const store = new MemoryStore();
  const table = await createTable(store, { schema, partitionColumns }, testContext());
  let rows: readonly NaiveRow[] = randomRows(random, 20);
  await appendFrame(table, frameOf(rows));
  const names = Object.keys(CHANGES_BY_NAME);
  for (let step = 0; step < CHANGES; step++) {
    const name = names[Math.floor(random() * names.length)] ?? "append";
    const change = CHANGES_BY_NAME[name];
    const { wanted, outcome } = await change?.(table, rows, random) ??
      { wanted: rows, outcome: { status: "none" } };
    const found = await tableRows(table) as unknown as readonly NaiveRow[];
    assertEquals(sortedTexts(found), sortedTexts(wanted), `seed ${seed}, step ${step}: ${name}`);
    if (outcome.status === "unchanged") assertEquals(sortedTexts(rows), sortedTexts(wanted));
    rows = wanted;
  }
  assertEquals((await openTable(store, testContext())).snapshot, table.snapshot);
}

// Of rows with one key only the last is taken, and nulls are no keys: they are only inserted.
async function mergeBy(
  on: readonly (keyof NaiveRow)[],
  table: DeltaTable,
  rows: readonly NaiveRow[],
  random: () => number,
): ReturnType<Change> {
  const isKey = (row: NaiveRow): boolean => on.every((name) => row[name] !== null);
  const all = randomRows(random, 8);
  const source = [...new Map(all.map((row, index) => [isKey(row) ? keyOf(on)(row) : index, row])).values()];
  const bySource = random() < 0.4;
  const byKey = new Map(source.filter(isKey).map((row) => [keyOf(on)(row), row]));
  const seen = new Set<string>();
  const kept = rows.flatMap((row) => {
    const match = isKey(row) ? byKey.get(keyOf(on)(row)) : undefined;
    if (match === undefined) return bySource && row.size === 3 ? [] : [row];
    seen.add(keyOf(on)(row));
    if (match.size === 0) return [];
    return (row.size ?? 0) <= (match.size ?? 0) ? [{ ...row, size: match.size, note: match.note }] : [row];
  });
  const inserted = source.filter((row) => row.size !== 5 && !(isKey(row) && seen.has(keyOf(on)(row))));
  const size = (column: ReturnType<typeof pl.col>) => column.fillNull(0);
  const outcome = await mergeInto(table, frameOf(source), {
    on,
    whenMatched: [
      { action: "delete", where: sourceColumn("size").eq(pl.lit(0)) },
      {
        action: "update",
        where: size(pl.col("size")).ltEq(size(sourceColumn("size"))),
        set: { size: sourceColumn("size"), note: sourceColumn("note") },
      },
    ],
    whenNotMatched: [{ where: sourceColumn("size").eq(pl.lit(5)).fillNull(false).not() }],
    whenNotMatchedBySource: bySource ? [{ action: "delete", where: pl.col("size").eq(pl.lit(3)) }] : [],
  });
  return { outcome, wanted: [...kept, ...inserted] };
}

function replaceNewest(rows: readonly NaiveRow[], source: readonly NaiveRow[]): readonly NaiveRow[] {
  const newest = (group: readonly NaiveRow[]): number =>
    Math.max(...group.map(({ size }) => size ?? -Infinity));
  const old = Map.groupBy(rows, ({ id }) => id);
  const taken = [...Map.groupBy(source, ({ id }) => id)].filter(([id, group]) =>
    newest(group) >= newest(old.get(id) ?? [])
  );
  const ids = new Set(taken.map(([id]) => id));
  const fresh = taken.flatMap(([, group]) => group.filter(({ size }) => size === newest(group)));
  return [...rows.filter(({ id }) => !ids.has(id)), ...fresh];
}

function grow(row: NaiveRow, isMoved: boolean): NaiveRow {
  const size = row.size === null ? null : row.size + 1;
  return { ...row, note: "set", size, part: isMoved ? "a" : row.part };
}

function keyOf(on: readonly (keyof NaiveRow)[]): (row: NaiveRow) => string {
  return (row) => on.map((name) => String(row[name])).join("/");
}

function randomRows(random: () => number, count: number): readonly NaiveRow[] {
  return Array.from({ length: count }, () => randomRow(random, 30));
}

function frameOf(rows: readonly NaiveRow[]): pl.DataFrame {
  return pl.DataFrame([
    pl.Series("id", rows.map(({ id }) => id === null ? null : String(id)), pl.Utf8).cast(pl.Int64),
    pl.Series("part", rows.map(({ part }) => part), pl.Utf8),
    pl.Series("size", rows.map(({ size }) => size === null ? null : String(size)), pl.Utf8).cast(pl.Int32),
    pl.Series("note", rows.map(({ note }) => note), pl.Utf8),
  ]);
}
