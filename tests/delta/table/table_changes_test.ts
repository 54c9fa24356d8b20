import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Add } from "../../../lib/delta/actions/actions.ts";
import { frameRows } from "../../../lib/delta/read/frame_rows.ts";
import { commitPath } from "../../../lib/delta/actions/log_path.ts";
import {
  createTable,
  deleteRows,
  type DeltaTable,
  MemoryStore,
  openTable,
  openTableAt,
  optimizeTable,
  parsePredicate,
  type Row,
  scanTable,
  tableChanges,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { serializeCommit } from "../../../lib/delta/actions/commit_codec.ts";
import type { DataType, StructField } from "../../../lib/delta/schema/schema.ts";
import { inlineVector } from "../read/deletion_vector_bytes.ts";
import { firstActions, seededRandom, someActions, testContext, writeLog } from "../test_context.ts";

const SCHEMA = tableSchema({ id: "long", name: "string", day: "date" });
const CHANGE_FIELDS: readonly StructField[] = [
  ...SCHEMA.fields,
  ...tableSchema({ _change_type: "string", _commit_version: "long", _commit_timestamp: "timestamp" }).fields,
];

Deno.test("what a version holds, and the changes after it, make what a later version holds", async () => {
  const random = seededRandom(3);
  const store = new MemoryStore();
  const table = await createTable(store, { schema: SCHEMA, partitionColumns: ["day"] }, testContext());
  for (let step = 0; step < 14; step++) {
    const roll = random();
    if (roll < 0.6) await append(table, step);
    else if (roll < 0.85) {
      await deleteRows(table, parsePredicate(`id >= ${Math.floor(random() * step)}2`, SCHEMA));
    } else await optimizeTable(table);
  }
  const last = table.snapshot.version;
  assert(last > 6);
  for (let from = -1; from < last; from++) {
    for (const to of [from + 1, last]) {
      const state = await countRows(store, from);
      for (
        const { _change_type: type, _commit_version, _commit_timestamp, ...row } of await changes(
          table,
          from,
          to,
        )
      ) {
        assert(Number(_commit_version) > from && Number(_commit_version) <= to);
        bump(state, row, type === "insert" ? 1 : -1);
      }
      assertEquals(state, await countRows(store, to), `from ${from} to ${to}`);
    }
  }
});

Deno.test("of a file that got another deletion vector, only the rows that came or went are changes", async () => {
  const { table, add, store } = await oneFile();
  const vectors = [[1], [1, 3], [3], []];
  let file: Add = add;
  for (const [index, rows] of vectors.entries()) {
    const { deletionVector: _, ...plain } = add;
    const next = rows.length === 0 ? plain : { ...plain, deletionVector: inlineVector(rows) };
    const remove = { path: file.path, dataChange: true, deletionTimestamp: 1 };
    await store.put(commitPath(2 + index), serializeCommit(someActions({ adds: [next], removes: [remove] })));
    file = next;
  }
  await table.update();
  const found = (await changes(table, 1, 5)).map(({ id, _change_type, _commit_version }) => [
    Number(_commit_version),
    _change_type,
    Number(id),
  ]);
  assertEquals(found, [[2, "delete", 1], [3, "delete", 3], [4, "insert", 1], [5, "insert", 3]]);
});

Deno.test("changed rows that a writer left are given as they are", async () => {
  const { table, add, store } = await oneFile();
  const fields = [...SCHEMA.fields.slice(0, 2), {
    name: "_change_type",
    type: "string" as DataType,
    nullable: true,
    metadata: {},
  }];
  const other = new MemoryStore();
  const cdcTable = await createTable(other, { schema: { type: "struct", fields } }, testContext("cdc"));
  const rows = [
    { id: 0n, name: "old", _change_type: "update_preimage" },
    { id: 0n, name: "new", _change_type: "update_postimage" },
  ];
  const cdc = await cdcTable.stageRows(rows);
  await store.put("_change_data/cdc.parquet", await other.read(cdc.path));
  const line = JSON.stringify({
    cdc: { path: "_change_data/cdc.parquet", partitionValues: { day: "2025-02-17" }, size: 1 },
  });
  const commit = serializeCommit(someActions({
    commitInfo: { timestamp: 7 },
    adds: [{ ...add, path: "never-read" }],
    removes: [{ path: add.path, dataChange: true }],
  }));
  await store.put(commitPath(2), new TextEncoder().encode(`${new TextDecoder().decode(commit)}${line}\n`));
  await table.update();
  const mark = { day: "2025-02-17", _commit_version: 2n, _commit_timestamp: 7000n };
  assertEquals(await changes(table, 1, 2), rows.map((row) => ({ ...row, ...mark })));
});

Deno.test("versions that are not there, or not any more, cannot be asked for", async () => {
  const { table, store } = await oneFile();
  await assertRejects(() => changes(table, 1, 0), RangeError, "found another order");
  await assertRejects(() => changes(table, 0, 9), RangeError, "version 9");
  await store.remove(commitPath(0));
  await assertRejects(() => changes(table, -1, 1), RangeError, "found no");
});

Deno.test("files that only rearrange rows change nothing", async () => {
  const store = new MemoryStore();
  await writeLog(store, [firstActions({ id: "long" }), someActions({})]);
  const table = await openTable(store, testContext());
  const add = { ...await table.stageRows([{ id: 1n }]), dataChange: false };
  await store.put(commitPath(2), serializeCommit(someActions({ adds: [add] })));
  await table.update();
  const frames = await Array.fromAsync(tableChanges(table, { from: 0 }));
  assertEquals(frames.length, 0);
});

async function oneFile() {
  const store = new MemoryStore();
  const table = await createTable(store, { schema: SCHEMA, partitionColumns: ["day"] }, testContext());
  const rows = [0n, 1n, 2n, 3n].map((id) => ({ id, name: "x" }));
  const add = await table.stageRows(rows, { partitionValues: { day: "2025-02-17" } });
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds: [add], reads: "none" });
  return { store, table, add };
}

async function append(table: DeltaTable, step: number): Promise<void> {
  const rows = Array.from(
    { length: 4 },
    (_, index) => ({ id: BigInt(step * 10 + index), name: `n${index % 2}` }),
  );
  const add = await table.stageRows(rows, { partitionValues: { day: `2025-02-1${step % 2}` } });
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds: [add], reads: "none" });
}

async function changes(table: DeltaTable, from: number, to: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const frame of tableChanges(table, { from, to })) rows.push(...frameRows(frame, CHANGE_FIELDS));
  return rows;
}

async function countRows(store: MemoryStore, version: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (version < 0) return counts;
  const table = await openTableAt(store, { version }, testContext());
  for await (const frame of scanTable(table)) {
    for (const row of frameRows(frame, SCHEMA.fields)) bump(counts, row, 1);
  }
  return counts;
}

function bump(counts: Map<string, number>, row: Row, by: number): void {
  const key = JSON.stringify(row, (_, value) => typeof value === "bigint" ? String(value) : value);
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
