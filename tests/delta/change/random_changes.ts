/** Random changes of a table, each with what it has to do to plain rows. */
import pl from "nodejs-polars";
import {
  appendFrame,
  deleteRows,
  type DeltaTable,
  mergeInto,
  overwriteTable,
  replaceGroups,
  sourceColumn,
  tableSchema,
  updateRows,
  type WriteOutcome,
} from "../../../lib/delta/mod.ts";
import { type NaiveRow, randomPredicate, randomRow, truthOf } from "../naive_table.ts";

/** The table that is changed. */
export const CHANGED_SCHEMA = tableSchema({ id: "long", part: "string", size: "integer", note: "string" });

/** One change of a real table and of plain rows. */
export interface Change {
  readonly name: string;
  readonly run: (table: DeltaTable) => Promise<WriteOutcome>;
  readonly apply: (rows: readonly NaiveRow[]) => readonly NaiveRow[];
}

type MakeChange = (random: () => number) => Omit<Change, "name">;

/** Any change; the same for the same random numbers. */
export function randomChange(random: () => number): Change {
  const names = Object.keys(MAKERS);
  const name = names[Math.floor(random() * names.length)] ?? "append";
  return { name, ...(MAKERS[name] ?? append)(random) };
}

/** So many rows, with ids below 30. */
export function randomRows(random: () => number, count: number): readonly NaiveRow[] {
  return Array.from({ length: count }, () => randomRow(random, 30));
}

/** The rows as a frame with the types of the table. */
export function naiveFrame(rows: readonly NaiveRow[]): pl.DataFrame {
  return pl.DataFrame([
    pl.Series("id", rows.map(({ id }) => id === null ? null : String(id)), pl.Utf8).cast(pl.Int64),
    pl.Series("part", rows.map(({ part }) => part), pl.Utf8),
    pl.Series("size", rows.map(({ size }) => size === null ? null : String(size)), pl.Utf8).cast(pl.Int32),
    pl.Series("note", rows.map(({ note }) => note), pl.Utf8),
  ]);
}

const MAKERS: Readonly<Record<string, MakeChange>> = {
  append,
  "delete where": (random) => {
    const where = randomPredicate(random);
    return {
      run: (table) => deleteRows(table, where),
      apply: (rows) => rows.filter((row) => truthOf(where, row) !== true),
    };
  },
  update: (random) => {
    const where = randomPredicate(random);
    const isMoved = random() < 0.5;
    const size = pl.col("size").add(pl.lit(1).cast(pl.Int32));
    const set = { note: "set", size, part: isMoved ? "a" : pl.col("part") };
    return {
      run: (table) => updateRows(table, { set, where }),
      apply: (rows) => rows.map((row) => truthOf(where, row) === true ? grow(row, isMoved) : row),
    };
  },
  "replace where": (random) => {
    const where = randomPredicate(random, 1);
    const more = randomRows(random, 6).filter((row) => truthOf(where, row) === true);
    return {
      run: (table) => overwriteTable(table, naiveFrame(more), { replaceWhere: where }),
      apply: (rows) => [...rows.filter((row) => truthOf(where, row) !== true), ...more],
    };
  },
  "merge by one key": (random) => mergeBy(["id"], random),
  "merge by two keys": (random) => mergeBy(["part", "id"], random),
  "replace groups": (random) => {
    const source = randomRows(random, 5).filter(({ id, part }) => id !== null && part !== null);
    const by = ["part", "id"] as const;
    const keys = new Set(source.map(keyOf(by)));
    return {
      run: (table) => replaceGroups(table, naiveFrame(source), { by }),
      apply: (rows) => [...rows.filter((row) => !keys.has(keyOf(by)(row))), ...source],
    };
  },
  "replace groups by the newest": (random) => {
    const source = randomRows(random, 5).filter(({ id, size }) => id !== null && size !== null);
    return {
      run: (table) => replaceGroups(table, naiveFrame(source), { by: ["id"], newestBy: "size" }),
      apply: (rows) => replaceNewest(rows, source),
    };
  },
};

function append(random: () => number): Omit<Change, "name"> {
  const more = randomRows(random, 8);
  return { run: (table) => appendFrame(table, naiveFrame(more)), apply: (rows) => [...rows, ...more] };
}

// Of rows with one key only the last is taken, and nulls are no keys: they are only inserted.
function mergeBy(on: readonly (keyof NaiveRow)[], random: () => number): Omit<Change, "name"> {
  const all = randomRows(random, 8);
  const source = [
    ...new Map(all.map((row, index) => [hasKey(row, on) ? keyOf(on)(row) : index, row])).values(),
  ];
  const bySource = random() < 0.4;
  const size = (column: ReturnType<typeof pl.col>) => column.fillNull(0);
  return {
    run: (table) =>
      mergeInto(table, naiveFrame(source), {
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
      }),
    apply: (rows) => mergeRows(rows, { on, source, bySource }),
  };
}

function mergeRows(
  rows: readonly NaiveRow[],
  { on, source, bySource }: {
    readonly on: readonly (keyof NaiveRow)[];
    readonly source: readonly NaiveRow[];
    readonly bySource: boolean;
  },
): readonly NaiveRow[] {
  const byKey = new Map(source.filter((row) => hasKey(row, on)).map((row) => [keyOf(on)(row), row]));
  const seen = new Set<string>();
  const kept = rows.flatMap((row) => {
    const match = hasKey(row, on) ? byKey.get(keyOf(on)(row)) : undefined;
    if (match === undefined) return bySource && row.size === 3 ? [] : [row];
    seen.add(keyOf(on)(row));
    if (match.size === 0) return [];
    return (row.size ?? 0) <= (match.size ?? 0) ? [{ ...row, size: match.size, note: match.note }] : [row];
  });
  const isNew = (row: NaiveRow): boolean => !(hasKey(row, on) && seen.has(keyOf(on)(row)));
  return [...kept, ...source.filter((row) => row.size !== 5 && isNew(row))];
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

function hasKey(row: NaiveRow, on: readonly (keyof NaiveRow)[]): boolean {
  return on.every((name) => row[name] !== null);
}

function keyOf(on: readonly (keyof NaiveRow)[]): (row: NaiveRow) => string {
  return (row) => on.map((name) => String(row[name])).join("/");
}
