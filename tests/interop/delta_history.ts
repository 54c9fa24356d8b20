/** A table whose versions come from every kind of change that this library makes. */

import pl from "nodejs-polars";
import {
  appendFrame,
  checkpointTable,
  createTable,
  deleteRows,
  type DeltaTable,
  LocalStore,
  mergeInto,
  optimizeTable,
  overwriteTable,
  parsePredicate,
  replaceGroups,
  type Row,
  tableSchema,
  updateRows,
} from "../../lib/delta/mod.ts";
import { type PeerRow, tableRows } from "./delta_rows.ts";
import { frameOf, LIVE } from "./delta_table_rig.ts";

/** What a history came to. */
export interface History {
  readonly table: DeltaTable;
  /** The rows of each version, from 0. */
  readonly versions: readonly (readonly PeerRow[])[];
}

const SCHEMA = tableSchema({
  id: "long",
  city: "string",
  day: "date",
  money: "decimal(38,3)",
  time: "timestamp",
  raw: "binary",
  list: { type: "array", elementType: tableSchema({ a: "string", b: "long" }), containsNull: true },
});
const WIDER = tableSchema({
  id: "long",
  city: "string",
  note: "string",
  inside: tableSchema({ x: "integer" }),
});

type Change = (table: DeltaTable) => Promise<unknown>;

const CHANGES: Readonly<Record<string, Change>> = {
  append: async (table) => await appendFrame(table, await rows(0, 20)),
  "append more": async (table) => await appendFrame(table, await rows(20, 30)),
  merge: async (table) =>
    await mergeInto(table, await rows(15, 35, "merged"), {
      on: ["id"],
      whenMatched: [{ action: "update" }],
      whenNotMatched: [{}],
    }),
  delete: async (table) =>
    await deleteRows(table, parsePredicate("id in (1, 2, 33) or time is null", SCHEMA)),
  update: async (table) =>
    await updateRows(table, { set: { city: "updated" }, where: parsePredicate("id >= 28", SCHEMA) }),
  "replace where": async (table) =>
    await overwriteTable(table, (await rows(40, 44)).withColumns(pl.lit("Oulu / ä%").alias("city")), {
      replaceWhere: parsePredicate("city = 'Oulu / ä%'", SCHEMA),
    }),
  evolve: async (table) =>
    await appendFrame(
      table,
      await frameOf(WIDER, [{ id: 100, city: "Pori", note: "new", inside: { x: 1 } }]),
      {
        mergeSchema: true,
      },
    ),
  checkpoint: async (table) => {
    await appendFrame(table, await rows(60, 62));
    await checkpointTable(table);
  },
  "replace groups": async (table) =>
    await replaceGroups(table, await rows(60, 64, "grouped"), { by: ["id"] }),
  optimize: async (table) => await optimizeTable(table, { sortBy: ["id"] }),
  overwrite: async (table) => await overwriteTable(table, await rows(200, 210)),
};

/** Carries all changes out, each of which makes one version. */
export async function writeHistory(folder: string, partitionColumns: readonly string[]): Promise<History> {
  const table = await createTable(new LocalStore(folder), { schema: SCHEMA, partitionColumns }, LIVE);
  const versions = [await tableRows(table)];
  for (const [name, change] of Object.entries(CHANGES)) {
    await change(table);
    versions.push(await tableRows(table));
    if (table.snapshot.version !== versions.length - 1) {
      throw new Error(`"${name}" left version ${table.snapshot.version}, expected ${versions.length - 1}`);
    }
  }
  return { table, versions };
}

async function rows(from: number, to: number, city?: string): Promise<pl.DataFrame> {
  const list = Array.from({ length: to - from }, (_, index): Row => hardRow(from + index, city));
  return await frameOf(SCHEMA, list);
}

function hardRow(id: number, city: string | undefined): Row {
  return {
    id,
    city: city ?? ["Oulu / ä%", "Turku", null][id % 3] ?? null,
    day: id % 4 === 0 ? null : `2025-02-${String(id % 28 + 1).padStart(2, "0")}`,
    money: id % 5 === 0 ? null : `${id - 10}.125`,
    time: id % 7 === 0 ? null : 1_739_765_000_123_456n + BigInt(id),
    raw: new Uint8Array([id % 256, 255]),
    list: id % 6 === 0 ? null : [{ a: `a${id}`, b: BigInt(id) }, null],
  };
}
