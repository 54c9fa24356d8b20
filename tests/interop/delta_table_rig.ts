/** Tables of this library in temporary folders, for other engines to read. */

import type pl from "nodejs-polars";
import {
  createTable,
  type DeltaTable,
  LocalStore,
  MemoryStore,
  openTable,
  type Row,
  type StructType,
  type TableOptions,
  tableSchema,
} from "../../lib/delta/mod.ts";
import { type PeerRow, tableRows } from "./delta_rows.ts";

/** A clock that moves, names that are unique in the world. */
export const LIVE: TableOptions = { clock: () => Date.now(), ids: () => crypto.randomUUID() };

/** Every type that all engines have in common, with the ends of its range. */
export const ALL_TYPES: StructType = tableSchema({
  id: "long",
  text: "string",
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
  counts: { type: "map", keyType: "string", valueType: "long", valueContainsNull: true },
});

/** Rows with the values that go wrong most easily. */
export const HARD_ROWS: readonly Row[] = [
  {
    id: 2n ** 63n - 1n,
    text: 'ä😈 "quoted" and longer than the thirty-two characters of statistics',
    whole: -(2 ** 31),
    small: 2 ** 15 - 1,
    tiny: -128,
    single: 0.5,
    ratio: 0.1,
    yes: true,
    raw: new Uint8Array([0, 255]),
    money: "-12345678.90",
    huge: "12345678901234567890123456789012345.678",
    day: "2025-02-17",
    time: -1n,
    list: [{ a: "q", b: 1n }, null, { a: null, b: 2n ** 53n + 1n }],
    inside: { x: null, y: 1_739_765_000_123_456n },
    counts: { one: 1, none: null },
  },
  {
    id: -(2n ** 63n),
    text: "",
    list: [],
    counts: new Map([["big", 2n ** 62n]]),
    day: "1970-01-01",
    time: 0n,
  },
  {
    id: 3,
    text: "line\nbreak\ttab",
    day: "9999-12-31",
    money: "0.01",
    huge: "-0.001",
    ratio: -0,
    counts: {},
  },
  { id: 4, inside: { x: "only x" }, time: 253_402_300_799_999_999n },
];

/** Rows whose bounds JSON numbers and milliseconds can hold; other engines round the others, into the data. */
export const PLAIN_ROWS: readonly Row[] = [
  ...HARD_ROWS.slice(0, 1).map((row) => ({
    ...row,
    // Spark counts UTF-16 units where it cuts, so nothing beyond the basic plane.
    text: "ä and longer than the thirty-two characters of statistics",
    huge: "-12.500",
    inside: { x: "inside", y: 1000n },
  })),
  { id: -7, text: "äö", ratio: -0.25, day: "0099-01-01", time: 1_739_765_000_123_000n, money: "1.20" },
  {},
];

/** A folder of its own for one test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await Deno.makeTempDir({ prefix: "ratalake-delta-" });
  return { folder, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

/** Opens the newest version of a table in a folder. */
export async function openFolder(folder: string): Promise<DeltaTable> {
  return await openTable(new LocalStore(folder), LIVE);
}

/** The rows of the newest version of a table in a folder, as the peers write them. */
export async function folderRows(folder: string): Promise<readonly PeerRow[]> {
  return await tableRows(await openFolder(folder));
}

/** Turns rows into a frame with exactly the types of a schema. */
export async function frameOf(schema: StructType, rows: readonly Row[]): Promise<pl.DataFrame> {
  const table = await createTable(new MemoryStore(), { schema }, LIVE);
  return await table.readFile(await table.stageRows(rows));
}
