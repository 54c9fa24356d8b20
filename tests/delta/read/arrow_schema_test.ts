/** The schema of the table decides what a column is, whatever the Arrow schema in the footer of a file says. */

import { assertEquals } from "@std/assert";
import {
  convertFolder,
  frameRows,
  MemoryStore,
  mergeInto,
  openTable,
  optimizeTable,
  scanTable,
  type StructType,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { fakeAdd, firstActions, someActions, testContext, writeLog } from "../test_context.ts";

/**
 * Two rows that pyarrow 26 wrote: id int64, v list<float, 2>, w list_view<int32>, j json, d duration[us], u uint32. In polars two
 * of them end in a panic, and v is no list.
 */
const FILE = Uint8Array.fromBase64(
  "UEFSMRUAFSwVPiwVBBUAFQYVBhwAAAAotS/9IBaxAAACAAAABAEBAAAAAAAAAAIAAAAAAAAAFQAVKhU8LBUGFQAVBhUGHAAAACi1" +
    "L/0gFakAAAIAAAADAgMAAAADDwAAAIA/AAAAQBUAFSIVNCwVBBUAFQYVBhwAAAAotS/9IBGJAAACAAAABAADAAAAAwcAAQAAABUA" +
    "FRgVKiwVBBUAFQYVBhwAAAAotS/9IAxhAAACAAAAAwECAAAAe30VABUcFS4sFQQVABUGFQYcAAAAKLUv/SAOcQAAAgAAAAMBBQAA" +
    "AAAAAAAVABUUFSYsFQQVABUGFQYcAAAAKLUv/SAKUQAAAgAAAAMBBwAAABUEGbw1ABgGc2NoZW1hFQwAFQQlAhgCaWQANQIYAXYV" +
    "AhUGTDwAAAA1BBgEbGlzdBUCABUIJQIYB2VsZW1lbnQANQIYAXcVAhUGTDwAAAA1BBgEbGlzdBUCABUCJQIYB2VsZW1lbnQAFQwl" +
    "AhgBaiUmTMwAAAAVBCUCGAFkABUCJQIYAXUlGkysEyASAAAAFgQZHBlsJgAcFQQZJQYAGRgCaWQVDBYEFlIWZCYISRwVABUAFQIA" +
    "PCkGGSYABAAAACYAHBUIGSUGABk4AXYEbGlzdAdlbGVtZW50FQwWBhZQFmImbEkcFQAVABUCADwpJgQCGUYCAAAEAAAAJgAcFQIZ" +
    "JQYAGTgBdwRsaXN0B2VsZW1lbnQVDBYEFkgWWibOAUkcFQAVABUCADwpJgQAGUYAAgACAAAAJgAcFQwZJQYAGRgBahUMFgQWPhZQ" +
    "JqgCSRwVABUAFQIAPBYEGQYZJgICAAAAJgAcFQQZJQYAGRgBZBUMFgQWQhZUJvgCSRwVABUAFQIAPCkGGSYCAgAAACYAHBUCGSUG" +
    "ABkYAXUVDBYEFjoWTCbMA0kcFQAVABUCADwpBhkmAgIAAAAWpAMWBCYIFpAEABkcGAxBUlJPVzpzY2hlbWEYrAYvLy8vLzFnQ0FB" +
    "QVFBQUFBQUFBS0FBd0FCZ0FGQUFnQUNnQUFBQUFCQkFBTUFBQUFDQUFJQUFBQUJBQUlBQUFBQkFBQUFBWUFBQUR3QVFBQWZBRUFB" +
    "QndCQUFCd0FBQUFNQUFBQUFRQUFBQTQvdi8vQUFBQkFoQUFBQUFVQUFBQUJBQUFBQUFBQUFBQkFBQUFkUUFBQUpiKy8vOGdBQUFB" +
    "WVA3Ly93QUFBUklRQUFBQUdBQUFBQVFBQUFBQUFBQUFBUUFBQUdRQUJnQUdBQVFBQmdBQUFBSUFFZ0FZQUFnQUJnQUhBQXdBQUFB" +
    "UUFCUUFFZ0FBQUFBQUFRVVVBQUFBbUFBQUFBZ0FBQUFRQUFBQUFBQUFBQUVBQUFCcUFBQUFBZ0FBQUVnQUFBQUVBQUFBeVAvLy94" +
    "Z0FBQUFFQUFBQUNnQUFBR0Z5Y205M0xtcHpiMjRBQUJRQUFBQkJVbEpQVnpwbGVIUmxibk5wYjI0NmJtRnRaUUFBQUFBSUFBd0FC" +
    "QUFJQUFnQUFBQVFBQUFBQkFBQUFBQUFBQUFBQUFBQUdBQUFBRUZTVWs5WE9tVjRkR1Z1YzJsdmJqcHRaWFJoWkdGMFlRQUFBQURZ" +
    "Ly8vL1JQLy8vd0FBQVJrVUFBQUFIQUFBQUFRQUFBQUJBQUFBRkFBQUFBRUFBQUIzQUFBQUJBQUVBQVFBQUFCdy8vLy9BQUFCQWhB" +
    "QUFBQVlBQUFBQkFBQUFBQUFBQUFFQUFBQWFYUmxiUUFBQUFCay8vLy9BQUFBQVNBQUFBQ2cvLy8vQUFBQkVCUUFBQUFjQUFBQUJB" +
    "QUFBQUVBQUFBWUFBQUFBUUFBQUhZQUJnQUlBQVFBQmdBQUFBSUFBQURRLy8vL0FBQUJBeEFBQUFBY0FBQUFCQUFBQUFBQUFBQUVB" +
    "QUFBYVhSbGJRQUFCZ0FJQUFZQUJnQUFBQUFBQVFBUUFCUUFDQUFHQUFjQURBQUFBQkFBRUFBQUFBQUFBUUlRQUFBQUhBQUFBQVFB" +
    "QUFBQUFBQUFBZ0FBQUdsa0FBQUlBQXdBQ0FBSEFBZ0FBQUFBQUFBQlFBQUFBQUFBQUFBPQAYIHBhcnF1ZXQtY3BwLWFycm93IHZl" +
    "cnNpb24gMjYuMC4xGWwcAAAcAAAcAAAcAAAcAAAcAAAAPAUAAFBBUjE=",
);
const COLUMNS = {
  id: "long",
  v: { type: "array", elementType: "float", containsNull: true },
  w: { type: "array", elementType: "integer", containsNull: true },
  j: "string",
  d: "long",
  u: "long",
} as const;
const ROWS = [
  { id: 1n, v: [1, 2], w: [1], j: "{}", d: 5n, u: 7n },
  { id: 2n, v: null, w: [], j: null, d: null, u: null },
];

async function storeWith(columns: StructType = tableSchema(COLUMNS)): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.put("f.parquet", FILE);
  const add = fakeAdd("f.parquet", { size: FILE.length });
  const types = Object.fromEntries(columns.fields.map(({ name, type }) => [name, type]));
  await writeLog(store, [firstActions(types), someActions({ adds: [add] })]);
  return store;
}

async function rowsOf(store: MemoryStore) {
  const table = await openTable(store, testContext());
  const frames = await Array.fromAsync(scanTable(table));
  return frames.flatMap((frame) => [...frameRows(frame, table.snapshot.schema.fields)]);
}

Deno.test("fixed lists, list views, extension types, durations and unsigned numbers are what the table says", async () => {
  const store = await storeWith();
  assertEquals(await rowsOf(store), ROWS);
  const table = await openTable(store, testContext());
  const [source] = await Array.fromAsync(scanTable(table));
  if (source !== undefined) {
    await mergeInto(table, source, { on: ["id"], whenMatched: [{ action: "update" }], whenNotMatched: [{}] });
  }
  await optimizeTable(table, { minFiles: 1 });
  assertEquals(await rowsOf(store), ROWS);
});

Deno.test("bytes without a mark are texts where the table says so, and texts are bytes", async () => {
  const store = await storeWith(tableSchema({ j: "binary" }));
  assertEquals(await rowsOf(store), [{ j: new TextEncoder().encode("{}") }, { j: null }]);
});

Deno.test("such a file is converted with the types of its Parquet schema", async () => {
  const store = new MemoryStore();
  await store.put("f.parquet", FILE);
  const { u: _, ...others } = COLUMNS;
  const error = await convertFolder(store, {}, testContext()).catch((cause: Error) => cause.message);
  assertEquals(String(error).includes('"u"'), true, "Delta has no unsigned numbers");
  assertEquals((await rowsOf(await storeWith(tableSchema(others))))[0], {
    id: 1n,
    v: [1, 2],
    w: [1],
    j: "{}",
    d: 5n,
  });
});
