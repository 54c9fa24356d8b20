import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import { type DeltaTable, frameRows, MemoryStore, openTable, tableSchema } from "../../lib/delta/mod.ts";
import { UsageError } from "../../lib/errors.ts";
import type { TableFlags } from "../../lib/inspect/table_flags.ts";
import { newTable, numbersTable, run, runBytes } from "./verb_rig.ts";

const MAP = { type: "map", keyType: "string", valueType: "double", valueContainsNull: true } as const;
const SCHEMA = tableSchema({
  long: "long",
  price: "decimal(38,4)",
  double: "double",
  text: "string",
  bytes: "binary",
  day: "date",
  time: "timestamp",
  list: { type: "array", elementType: tableSchema({ a: "long" }), containsNull: true },
  map: MAP,
});
const EXACT = {
  long: 2n ** 53n,
  price: "12345678901234567.8901",
  double: NaN,
  text: 'a "quote", a\nline and \u{1f682}',
  bytes: new Uint8Array([0, 255]),
  day: "1582-10-04",
  time: -1n,
  list: [{ a: 1n }, null],
  map: new Map([["k", -0]]),
};
const PLAIN = {
  long: -7n,
  price: "0.5000",
  double: 0.1,
  text: "",
  day: "2025-02-17",
  time: 1_739_766_096_248_001n,
};
Deno.test("cat writes NDJSON that loses no digit", async () => {
  const lines = (await run(await exactTable(), ["cat", "t"], { format: "ndjson" })).trim().split("\n");
  assertEquals(lines, [
    '{"long":"9007199254740992","price":"12345678901234567.8901","double":"NaN",' +
    '"text":"a \\"quote\\", a\\nline and \u{1f682}","bytes":"AP8=","day":"1582-10-04",' +
    '"time":"1969-12-31T23:59:59.999999Z","list":[{"a":1},null],"map":{"k":-0.0}}',
    '{"long":-7,"price":0.5000,"double":0.1,"text":"","bytes":null,"day":"2025-02-17",' +
    '"time":"2025-02-17T04:21:36.248001Z","list":null,"map":null}',
  ]);
});

Deno.test("cat writes CSV in which null, the empty text and lines differ", async () => {
  const columns = ["text", "long", "double", "map"];
  assertEquals(
    await run(await exactTable(), ["cat", "t"], { format: "csv", columns }),
    'text,long,double,map\r\n"a ""quote"", a\nline and \u{1f682}",9007199254740992,NaN,"{""k"":-0.0}"\r\n"",-7,0.1,\r\n',
  );
});

Deno.test("cat writes Arrow and Parquet with the rows and types of the table, without rows too", async () => {
  const columns = ["long", "price", "bytes", "time"];
  const fields = SCHEMA.fields.filter(({ name }) => columns.includes(name));
  for (const [format, read] of [["arrow", pl.readIPC], ["parquet", pl.readParquet]] as const) {
    for (const [where, count] of [[undefined, 2], ["long < 0", 1], ["long < -100", 0]] as const) {
      const bytes = await runBytes(await exactTable(), ["cat", "t"], { format, columns, where });
      const frame = read(Buffer.from(bytes));
      assertEquals([frame.height, frame.columns], [count, columns]);
      const rows = [...frameRows(frame, fields)];
      if (count === 2) assertEquals(rows.map(({ price }) => price), [EXACT.price, PLAIN.price]);
    }
  }
});

Deno.test("cat shows rows that a condition takes, columns in the order asked for, and no control characters", async () => {
  const text = await run(await exactTable(), ["cat", "t"], { columns: ["text", "long"], where: "long > 0" });
  const [head = "", , row = "", empty, ...rest] = text.split("\n");
  assertMatch(head, /^text +long$/);
  assertMatch(row, /^a "quote", a line and \u{1f682} +9007199254740992$/u);
  assertEquals([empty, ...rest], ["", "1 row", ""]);
  await assertRejects(
    () => run2({ columns: ["nix"] }),
    UsageError,
    'Cannot use "--columns": found no column "nix"',
  );
  await assertRejects(
    () => run2({ where: "nix = 1" }),
    UsageError,
    'Cannot use "--where": Cannot read the predicate',
  );
});

Deno.test("cat stops at its limit, and the format table at 20 rows", async () => {
  const table = await numbersTable(50);
  const countOf = async (flags: Partial<TableFlags>) =>
    (await run(table, ["cat", "t"], flags)).trim().split("\n").length;
  assertEquals(await countOf({}), 2 + 20 + 2);
  assertEquals(await countOf({ limit: 33 }), 2 + 33 + 2);
  assertEquals(await countOf({ format: "ndjson" }), 50);
  assertEquals(await countOf({ format: "ndjson", limit: 7 }), 7);
});

Deno.test("show describes columns, partitions, properties, protocol and transactions", async () => {
  const table = await numbersTable(4);
  const page = await run(table, ["show", "t"]);
  for (
    const part of [
      "odd=true",
      "delta.appendOnly",
      "reader 1, writer 2",
      "4 files",
      "rows: 4",
      "txn app",
      "boolean",
    ]
  ) {
    assertStringIncludes(page, part);
  }
  const json = JSON.parse(await run(table, ["show", "t"], { json: true }));
  assertEquals([json.version, json.files, json.rows, json.partitions.length], [4, 4, 4, 2]);
  assertEquals(json.transactions, { app: "3" });
  assertEquals(json.columns[1], {
    name: "odd",
    type: "boolean",
    nullable: true,
    isPartition: true,
    comment: null,
  });
  const older = JSON.parse(await run(table, ["show", "t"], { json: true, version: 2 }));
  assertEquals([older.version, older.files], [2, 2]);
});

Deno.test("files lists what a condition leaves, history the versions", async () => {
  const table = await numbersTable(4);
  const files = (await run(table, ["files", "t"], { json: true, where: "n >= 2 and odd = true" })).trim()
    .split("\n");
  assertEquals(files.map((line) => JSON.parse(line).stats).map((stats) => JSON.parse(stats).minValues), [{
    n: 3,
  }]);
  assertEquals((await run(table, ["files", "t"])).trim().split("\n").length, 2 + 4);
  const history = (await run(table, ["history", "t"], { json: true, limit: 2 })).trim().split("\n").map((
    line,
  ) => JSON.parse(line));
  assertEquals(history.map(({ version, operation }) => [version, operation]), [[4, "WRITE"], [3, "WRITE"]]);
});

Deno.test("diff shows files, rows, properties and transactions between two versions", async () => {
  const table = await numbersTable(4);
  const diff = JSON.parse(await run(table, ["diff", "t", "1", "4"], { json: true }));
  assertEquals([diff.filesAdded.length, diff.rowsAdded, diff.filesRemoved], [3, 3, []]);
  assertEquals(diff.changes, [{ what: "txn app", from: "0", to: "3" }]);
  assertMatch(await run(table, ["diff", "t", "4", "1"]), /removed +3 .*\n\nchanged .*\n.*\ntxn app +3 +0/);
});

Deno.test("of one file every verb speaks in the singular", async () => {
  const table = await numbersTable(1);
  assertMatch(await run(table, ["show", "t"]), /\nsize +1 file, /);
  assertMatch(await run(table, ["checkpoint", "t"]), /: 1 file, .*; removed 0 old log files\n$/);
  assertMatch(
    await run(table, ["restore", "t"], { to: { version: 0 }, marks: "keep" }),
    /: 0 files back, 1 removed\n$/,
  );
  const vacuum = { dryRun: true, retentionHours: 0, force: true };
  assertMatch(await run(table, ["vacuum", "t"], vacuum), /^Would remove 1 file, /);
});

Deno.test("optimize, vacuum, checkpoint and restore say what they did", async () => {
  const table = await numbersTable(6);
  assertMatch(
    await run(table, ["optimize", "t"], { partitions: "odd = true" }),
    /^Optimized 3 files into 1 \(.*\), version 7\n$/,
  );
  assertEquals(await run(table, ["optimize", "t"], { partitions: "odd = true" }), "Nothing to optimize\n");
  assertMatch(
    await run(table, ["vacuum", "t"], { dryRun: true, retentionHours: 0, force: true }),
    /^Would remove 3 files, .*(\nodd=true\/part-.*){3}\n$/,
  );
  const vacuumed = JSON.parse(
    await run(table, ["vacuum", "t"], { retentionHours: 0, force: true, json: true }),
  );
  assertEquals([vacuumed.files, vacuumed.dryRun], [3, false]);
  assertMatch(
    await run(table, ["checkpoint", "t"]),
    /^Wrote a checkpoint of version 7: 4 files, .* kB; removed 0 old log files\n$/,
  );
  await assertRejects(
    () => run(table, ["restore", "t"], { to: { version: 0 } }),
    UsageError,
    'found 1 mark of applications that moved since, such as "app" from none to 5',
  );
  assertEquals(
    await run(table, ["restore", "t"], { to: { version: 0 }, marks: "keep" }),
    "Restored version 0 as version 8: 0 files back, 4 removed\n",
  );
  assertEquals(
    await run(table, ["restore", "t"], { to: { version: 0 } }),
    "Version 0 is what the table holds already\n",
  );
});

Deno.test("what a verb does not accept is reported, all of it together, before anything is opened", async () => {
  const nothing = new MemoryStore();
  const faultsOf = async (positionals: readonly string[], flags: Partial<TableFlags> = {}) =>
    (await assertRejects(() => runBytes({ store: nothing }, positionals, flags), UsageError)).faults;
  assertEquals(await faultsOf(["vakuum", "t"]), [
    'Cannot run "table vakuum": unknown verb, did you mean "vacuum"?',
  ]);
  assertEquals(await faultsOf(["drop", "t"]), [
    'Cannot run "table drop": unknown verb, expected show, history, files, cat, diff, optimize, vacuum, checkpoint, restore',
  ]);
  assertEquals(await faultsOf(["show", "t", "5"], { dryRun: true, limit: 3 }), [
    'Cannot use "--limit" with "table show": it belongs to other verbs, see --help',
    'Cannot use "--dry-run" with "table show": it belongs to other verbs, see --help',
    'Cannot run "table show": found ["5"] after the path, expected the path of a table',
  ]);
  assertEquals((await faultsOf(["diff", "t", "1"])).length, 1);
  assertEquals((await faultsOf(["restore", "t"])).length, 1);
  assertEquals((await faultsOf(["__proto__", "t"])).length, 1);
  assertEquals((await faultsOf(["cat", "t"], { version: 1, timestamp: 1 })).length, 1);
});

async function exactTable(): Promise<DeltaTable> {
  const table = await newTable(SCHEMA);
  for (const row of [EXACT, PLAIN]) {
    await table.commit({
      readSnapshot: table.snapshot,
      operation: "WRITE",
      adds: [await table.stageRows([row])],
      reads: "none",
    });
  }
  return table;
}

async function run2(flags: Partial<TableFlags>): Promise<string> {
  return await run(await exactTable(), ["cat", "t"], flags);
}

Deno.test("times beyond the calendar are shown as the numbers that they are, by every verb", async () => {
  const beyond = 8_640_000_000_000_001;
  const table = await numbersTable(1);
  const [add] = table.snapshot.files.values();
  const { readSnapshot } = { readSnapshot: table.snapshot };
  const files = add === undefined ? [] : [{ ...add, modificationTime: beyond }];
  await table.commit({ readSnapshot, operation: "WRITE", adds: files, reads: "none" });
  const { store, snapshot: { version } } = table;
  const path = `_delta_log/${String(version).padStart(20, "0")}.json`;
  const text = new TextDecoder().decode(await store.read(path)).replaceAll(
    /"(timestamp|inCommitTimestamp)":\d+/g,
    `"$1":${beyond}`,
  );
  await store.put(path, new TextEncoder().encode(text));
  const spoiled = await openTable(store, { clock: () => 1, ids: () => "id" });
  assertStringIncludes(await run(spoiled, ["show", "t"], {}), `committed ${beyond}`);
  assertStringIncludes(await run(spoiled, ["show", "t"], { json: true }), `"committedAt":"${beyond}"`);
  assertStringIncludes(await run(spoiled, ["history", "t"], {}), String(beyond));
  assertStringIncludes(await run(spoiled, ["files", "t"], {}), String(beyond));
});
