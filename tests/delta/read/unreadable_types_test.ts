/** Columns of types that are not known here: only what needs them is refused. */

import { assertEquals, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  checkpointTable,
  createTable,
  type DataType,
  deleteRows,
  formatType,
  frameRows,
  MemoryStore,
  openTable,
  openTableAt,
  parsePredicate,
  scanTable,
  tableSchema,
  UnsupportedTableError,
  vacuumTable,
} from "../../../lib/delta/mod.ts";
import { parseSchema } from "../../../lib/delta/schema/schema.ts";
import { fakeAdd, firstActions, someActions, testContext, writeLog } from "../test_context.ts";

const NEW_TYPES = [
  '"variant"',
  '"interval day to second"',
  '"geometry(OGC:CRS84)"',
  '{"type":"udt","class":"x.Y"}',
];

/** A table with a column that is read, and one of each kind with such a type in it. */
async function storeWith(type: string, features: readonly string[] = []): Promise<MemoryStore> {
  const store = new MemoryStore();
  const small = await createTable(new MemoryStore(), { schema: tableSchema({ id: "long" }) }, testContext());
  const add = await small.stageRows([{ id: 1n }, { id: 2n }]);
  await store.put(add.path, await small.store.read(add.path));
  const field = (name: string, json: string) =>
    `{"name":"${name}","type":${json},"nullable":true,"metadata":{}}`;
  const types = [
    field("id", '"long"'),
    field("plain", type),
    field("inside", `{"type":"struct","fields":[${field("x", type)}]}`),
    field("list", `{"type":"array","elementType":${type},"containsNull":true}`),
  ];
  const { metadata, protocol, ...first } = firstActions({ id: "long" });
  const schemaString = `{"type":"struct","fields":[${types.join(",")}]}`;
  await writeLog(store, [
    {
      ...first,
      protocol: features.length === 0
        ? protocol ?? { minReaderVersion: 1, minWriterVersion: 2 }
        : { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: features, writerFeatures: [] },
      ...(metadata && { metadata: { ...metadata, schemaString } }),
    },
    someActions({ adds: [add], commitInfo: { operation: "WRITE" } }),
  ]);
  return store;
}

Deno.test("a table with columns of unknown types opens, has a history, gives its other columns and refuses these by name", async () => {
  for (const type of NEW_TYPES) {
    const store = await storeWith(
      type,
      type.includes("variant") ? ["variantType", "variantType-preview"] : [],
    );
    const table = await openTable(store, testContext());
    const { schema, files } = table.snapshot;
    const name = type.startsWith("{") ? "udt" : JSON.parse(type);
    assertEquals(schema.fields.map((field) => formatType(field.type)), [
      "long",
      name,
      `struct<x:${name}>`,
      `array<${name}>`,
    ]);
    assertEquals([files.size, (await table.history()).length], [1, 2]);
    const where = parsePredicate("id > 1", schema);
    const frames = await Array.fromAsync(scanTable(table, { columns: ["id"], where }));
    assertEquals(frames.flatMap((frame) => [...frameRows(frame, schema.fields.slice(0, 1))]), [{ id: 2n }]);
    for (const column of ["plain", "inside", "list"]) {
      const read = () => scanTable(table, { columns: ["id", column] }).next();
      const error = await assertRejects(
        read,
        UnsupportedTableError,
        `column "${column}" of the table "memory"`,
      );
      assertEquals([error.features, error.table], [[name], "memory"]);
    }
    await assertRejects(() => scanTable(table).next(), UnsupportedTableError, "name the other columns");
    assertEquals((await openTableAt(store, { version: 0 }, testContext())).snapshot.files.size, 0);
  }
});

Deno.test("what changes no rows works on such a table, and what writes rows is refused before it writes", async () => {
  const store = await storeWith('"interval day to second"');
  const table = await openTable(store, testContext());
  assertEquals((await checkpointTable(table)).files, 1);
  await vacuumTable(table);
  const before = (await store.list("")).map(({ path }) => path);
  const frame = pl.DataFrame({ id: [1] });
  await assertRejects(() => appendFrame(table, frame), UnsupportedTableError, "interval day to second");
  await assertRejects(() => deleteRows(table), UnsupportedTableError, '"plain"');
  assertEquals((await store.list("")).map(({ path }) => path), before);
  assertEquals((await openTable(store, testContext())).snapshot.files.size, 1);
});

Deno.test("void columns are null, at the top and inside structs and lists", async () => {
  for (const name of ["void", "null"]) {
    const table = await openTable(await storeWith(`"${name}"`), testContext());
    const { fields } = table.snapshot.schema;
    assertEquals(formatType(fields[1]?.type ?? "string"), "void");
    const [frame] = await Array.fromAsync(scanTable(table));
    assertEquals(frame === undefined ? [] : [...frameRows(frame, fields)], [
      { id: 1n, plain: null, inside: null, list: null },
      { id: 2n, plain: null, inside: null, list: null },
    ]);
    await assertRejects(
      () => deleteRows(table, parsePredicate("id = 1", table.snapshot.schema)),
      UnsupportedTableError,
    );
  }
});

Deno.test("a new table has no such columns, and a type without a name is a broken schema", async () => {
  const unknown: readonly DataType[] = ["void", "unsupported<variant>"];
  for (const type of unknown) {
    const create = async () =>
      await createTable(new MemoryStore(), { schema: tableSchema({ id: "long", type }) }, testContext());
    await assertRejects(create, TypeError, "the type");
  }
  const store = new MemoryStore();
  await writeLog(store, [firstActions({ id: "long" }), someActions({ adds: [fakeAdd("a")] })]);
  assertEquals(parseSchema('{"type":"struct","fields":[]}').fields, []);
  for (const type of ["7", "null", "{}"]) {
    const text = `{"type":"struct","fields":[{"name":"a","type":${type}}]}`;
    await assertRejects(() => Promise.resolve().then(() => parseSchema(text)), TypeError, '"a"');
  }
});
