/** Every field of every action with every kind of value that JSON has: a table, or an error that says where. */
import { assert, assertEquals } from "@std/assert";
import { parseCommit, serializeCommit } from "../../lib/delta/actions/commit_codec.ts";
import {
  appendFile,
  checkpointTable,
  createTable,
  DeltaError,
  MemoryStore,
  openTable,
  scanTable,
  tableChanges,
  tableSchema,
  vacuumTable,
} from "../../lib/delta/mod.ts";
import { commitPath } from "../../lib/delta/actions/log_path.ts";
import { fakeAdd, someActions, testContext } from "./test_context.ts";

const ODD = [null, true, -1, 1.5, 1e300, "x", [1], ["x"], { a: "x" }, { provider: [] }];
const ODD_PROPERTIES = ["a", "delta.appendOnly", "delta.columnMapping.mode", "delta.enableChangeDataFeed"]
  .flatMap((name) => [null, 1, true, "x", []].map((value) => ({ [name]: value })));

/** A line of a commit with another value in one field. */
interface Oddity {
  readonly name: string;
  readonly line: number;
  readonly text: string;
}

Deno.test({
  name: "an action with any field of any shape gives a table, or an error that says what is wrong",
  permissions: { read: true, env: true, sys: true, ffi: true },
  async fn() {
    const store = await richTable();
    const outcomes = new Set<string>();
    const lines = new TextDecoder().decode(await store.read(commitPath(2))).trim().split("\n");
    for (const { name, line, text } of lines.flatMap(odditiesOf)) {
      await store.put(commitPath(2), new TextEncoder().encode(lines.with(line, text).join("\n")));
      const fault = await useAll(store);
      assert(fault === null || isTyped(fault), `${name}: ${String(fault?.stack)}`);
      outcomes.add(fault === null ? "read" : fault.name);
    }
    assertEquals(outcomes.isSupersetOf(new Set(["read", "CorruptLogError", "UnsupportedTableError"])), true);
  },
});

/** A table whose newest commit holds all actions with all of their fields. */
async function richTable(): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: () => 0 });
  const schema = tableSchema({ id: "long", city: "string" });
  const table = await createTable(store, { schema, partitionColumns: ["city"] }, testContext());
  const add = await table.stageRows([{ id: 1 }], { partitionValues: { city: "x" } });
  await appendFile(table, add, { rows: 1, txns: [{ appId: "app", version: 1n }] });
  const { protocol, metadata, files } = table.snapshot;
  const removes = [...files.values()].map(({ path, partitionValues, size }) => ({
    path,
    deletionTimestamp: 1,
    dataChange: true,
    extendedFileMetadata: true,
    partitionValues,
    size,
  }));
  const features = { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [], writerFeatures: [] };
  await store.put(
    commitPath(2),
    serializeCommit(someActions({
      protocol: { ...protocol, ...features },
      metadata: { ...metadata, name: "n", description: "d", createdTime: 1 },
      txns: [{ appId: "app", version: 2n, lastUpdated: 1 }],
      removes,
      adds: [{ ...add, path: add.path, dataChange: true, tags: { a: "x" } }],
      commitInfo: { timestamp: 1, inCommitTimestamp: 1, operation: "WRITE", operationMetrics: { a: "1" } },
    })),
  );
  return store;
}

function odditiesOf(text: string, line: number): readonly Oddity[] {
  const action: Record<string, Record<string, unknown>> = JSON.parse(text);
  return Object.entries(action).flatMap(([kind, fields]) =>
    Object.keys(fields).flatMap((field) =>
      (field === "configuration" ? [...ODD, ...ODD_PROPERTIES] : ODD).map((value) => ({
        name: `${kind}.${field} = ${JSON.stringify(value)}`,
        line,
        text: JSON.stringify({ [kind]: { ...fields, [field]: value } }),
      }))
    )
  );
}

/** Each way to use a table is tried, whatever became of the others; gives the error that is least expected. */
async function useAll(written: MemoryStore): Promise<Error | null> {
  const store = new MemoryStore({ clock: () => 0 });
  for (const { path } of await written.list("")) await store.put(path, await written.read(path));
  const open = () => openTable(store, testContext());
  const results = await Promise.allSettled([
    open().then((table) => Array.fromAsync(scanTable(table))),
    open().then((table) => table.history()),
    open().then((table) => Array.fromAsync(tableChanges(table, { from: 0 }))),
    open().then((table) => vacuumTable(table, { dryRun: true, retentionMs: 0, force: true })),
  ]);
  const [checkpointed] = await Promise.allSettled([
    open().then((table) => checkpointTable(table)).then(open),
  ]);
  const errors = [...results, checkpointed].flatMap((result) =>
    result.status === "rejected" ? [result.reason] : []
  );
  return errors.find((error) => !isTyped(error)) ?? errors[0] ?? null;
}

function isTyped(error: unknown): boolean {
  if (error instanceof DeltaError) return true;
  return error instanceof TypeError && /^Cannot [a-z ]+ .*expected /s.test(error.message);
}

Deno.test({
  name:
    "what nothing depends on is passed over when it has another shape; numbers and booleans are properties, as in Spark",
  permissions: "none",
  fn() {
    const read = (kind: string, fields: object) =>
      parseCommit(new TextEncoder().encode(JSON.stringify({ [kind]: fields })), 0);
    const metaData = { id: "a", schemaString: "{}", partitionColumns: [] };
    const extras = { name: 1, description: [], createdTime: "x", format: { options: 1 } };
    const configuration = { a: 1, b: true, c: null, d: "x" };
    assertEquals(read("metaData", { ...metaData, ...extras, configuration }).metadata, {
      ...metaData,
      format: { provider: "parquet" },
      configuration: { a: "1", b: "true", d: "x" },
    });
    const add = fakeAdd("a");
    assertEquals(read("add", { ...add, tags: { a: 1 } }).adds, [add]);
    assertEquals(read("add", { ...add, tags: { a: null } }).adds, [{ ...add, tags: { a: null } }]);
    const remove = { path: "a", dataChange: true };
    assertEquals(read("remove", { ...remove, size: "x", extendedFileMetadata: 1, tags: [] }).removes, [
      remove,
    ]);
    assertEquals(read("txn", { appId: "a", version: 1, lastUpdated: 1e300 }).txns, [{
      appId: "a",
      version: 1n,
    }]);
  },
});
