/** Whole tables to mutate: files by their path. */

import {
  appendFile,
  checkpointTable,
  createTable,
  MemoryStore,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { testContext } from "../test_context.ts";

/** The files of one table. */
export interface FuzzTable {
  readonly name: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const TESTDATA = new URL("./testdata/", import.meta.url);

const SCHEMA = tableSchema({
  id: "long",
  city: "string",
  day: "date",
  money: "decimal(10,2)",
  time: "timestamp",
  parts: { type: "array", elementType: tableSchema({ a: "string" }), containsNull: true },
});

/** Our own tables, with and without checkpoints and partitions, and the small ones of Spark in `testdata/`. */
export async function fuzzTables(): Promise<readonly FuzzTable[]> {
  const plain = await ownTable("plain", []);
  const partitioned = await ownTable("partitioned", ["city", "day"]);
  const checkpointed = await ownTable("checkpointed", ["city"], 3);
  // With the commits before the checkpoint gone, nothing else can stand in for it.
  const cleaned = new Map([...checkpointed.files].filter(([path]) => !/0[0-2]\.json$/.test(path)));
  return [plain, partitioned, checkpointed, { name: "cleaned", files: cleaned }, ...await foreignTables()];
}

async function ownTable(
  name: string,
  partitionColumns: readonly string[],
  checkpointVersion?: number,
): Promise<FuzzTable> {
  const store = new MemoryStore();
  const table = await createTable(store, { schema: SCHEMA, partitionColumns }, testContext());
  for (let id = 0; id < 5; id++) {
    const row = { id, city: `city ${id}`, day: "2025-02-17", money: "1.50", time: 1_739_765_000_123_456n };
    const data = { ...row, parts: [{ a: "x" }] };
    const kept = Object.entries(data).filter(([column]) => !partitionColumns.includes(column));
    const values = Object.entries(row).filter(([column]) => partitionColumns.includes(column));
    const options = { partitionValues: Object.fromEntries(values) };
    const add = await table.stageRows([Object.fromEntries(kept)], options);
    await appendFile(table, add, { rows: 1, txns: [{ appId: `app ${id % 2}`, version: BigInt(id) }] });
    if (table.snapshot.version === checkpointVersion) await checkpointTable(table);
  }
  const removes = [...table.snapshot.files.values()].slice(0, 1);
  await table.commit({ readSnapshot: table.snapshot, operation: "DELETE", removes, reads: "none" });
  return { name, files: await allFiles(store) };
}

async function allFiles(store: MemoryStore): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const { path } of await store.list("")) files.set(path, await store.read(path));
  return files;
}

// Each is one JSON file: the files of the table by their path, in base64.
async function foreignTables(): Promise<readonly FuzzTable[]> {
  const tables: FuzzTable[] = [];
  for await (const { name } of Deno.readDir(TESTDATA)) {
    if (!name.endsWith(".json")) continue;
    const packed: Record<string, string> = JSON.parse(await Deno.readTextFile(new URL(name, TESTDATA)));
    const files = Object.entries(packed).map(([path, text]) => [path, Uint8Array.fromBase64(text)] as const);
    tables.push({ name: name.replace(".json", ""), files: new Map(files) });
  }
  return tables.toSorted((left, right) => left.name < right.name ? -1 : 1);
}
