import { assertEquals, assertRejects } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet";
import { parseTime } from "../../../lib/delta/schema/calendar.ts";
import { readDataFile } from "../../../lib/delta/read/file_reader.ts";
import { frameRows } from "../../../lib/delta/read/frame_rows.ts";
import { MemoryStore, tableSchema } from "../../../lib/delta/mod.ts";
import { fakeAdd, firstActions } from "../test_context.ts";

// The 64 bits of nanoseconds end in 1677 and 2262, INT96 does not.
const TIMES = [
  "0001-01-01T00:00:00.000001Z",
  "9999-12-31T23:59:59.999999Z",
  "2025-02-17T04:21:00.123456Z",
  null,
] as const;
const MICROS = TIMES.map((text) => text === null ? null : parseTime(text)?.micros ?? null);
const LEAF: SchemaElement = {
  name: "time",
  type: "FIXED_LEN_BYTE_ARRAY",
  type_length: 12,
  repetition_type: "OPTIONAL",
};

Deno.test("INT96 times of all years are read to the microsecond", async () => {
  for (const type of ["timestamp", "timestamp_ntz"] as const) {
    const schema = tableSchema({ time: type });
    const rows = await read(schema, int96File(LEAF, MICROS));
    assertEquals(rows.map(({ time }) => time), MICROS);
  }
});

Deno.test("INT96 times that statistics show to be harmless are read the quick way, and are the same", async () => {
  const stats =
    '{"numRecords":1,"minValues":{"time":"2025-02-17T04:21:00.123Z"},"maxValues":{"time":"2025-02-17T04:21:00.123Z"},"nullCount":{"time":0}}';
  const rows = await read(tableSchema({ time: "timestamp" }), int96File(LEAF, MICROS.slice(2, 3)), stats);
  assertEquals(rows, [{ time: MICROS[2] }]);
});

Deno.test("INT96 times inside a list are read, or refused where polars cannot hold them", async () => {
  const schema = tableSchema({ time: { type: "array", elementType: "timestamp", containsNull: true } });
  assertEquals(await read(schema, int96List([MICROS[2] ?? 0n])), [{ time: [MICROS[2]] }]);
  await assertRejects(
    () => read(schema, int96List([MICROS[0] ?? 0n])),
    TypeError,
    "before 1678 or after 2261",
  );
});

async function read(schema: ReturnType<typeof tableSchema>, bytes: Uint8Array, stats?: string) {
  const store = new MemoryStore();
  await store.put("file", bytes);
  const { metadata } = firstActions({});
  if (metadata === undefined) throw new TypeError("a first version has metadata");
  const add = fakeAdd("file", stats === undefined ? {} : { stats });
  return [...frameRows(await readDataFile(add, { store, schema, metadata }), schema.fields)];
}

function int96File(leaf: SchemaElement, micros: readonly (bigint | null)[]): Uint8Array {
  const schema = [{ name: "schema", num_children: 1 }, leaf];
  return write(schema, micros.map((value) => value === null ? null : toInt96(value)));
}

function int96List(micros: readonly bigint[]): Uint8Array {
  const schema: SchemaElement[] = [
    { name: "schema", num_children: 1 },
    { name: "time", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { ...LEAF, name: "element" },
  ];
  return write(schema, [micros.map(toInt96)]);
}

// hyparquet-writer knows no INT96, but that is 12 bytes under another number: 6 for 14 in the footer.
function write(schema: readonly SchemaElement[], data: unknown[]): Uint8Array {
  const bytes = new Uint8Array(
    parquetWriteBuffer({ schema: [...schema], columnData: [{ name: "time", data }], statistics: false }),
  );
  const footer = bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
  for (let at = footer; at < bytes.length; at++) {
    if (bytes[at] === 0x15 && bytes[at + 1] === 14) bytes[at + 1] = 6;
  }
  return bytes;
}

// Nanoseconds of the day, then the Julian day.
function toInt96(micros: bigint): Uint8Array {
  const day = 86_400_000_000n;
  const ofDay = ((micros % day) + day) % day;
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, ofDay * 1000n, true);
  view.setUint32(8, Number((micros - ofDay) / day + 2_440_588n), true);
  return bytes;
}
