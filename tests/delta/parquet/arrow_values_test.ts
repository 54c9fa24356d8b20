import { assertEquals } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readParquetRows } from "../../../lib/delta/parquet/rows.ts";

Deno.test("rows of a log file come out as JSON would give them, without their nulls", () => {
  const long = "long enough to lie outside of its view: ä😈";
  const columns = {
    text: [null, "", "short ä", long, "plain, and also longer than twelve", "exactly 12 B"],
    size: [1n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 63n), null, 0n],
  };
  const bytes = new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: "text", data: columns.text, type: "STRING" },
      { name: "size", data: columns.size, type: "INT64" },
      { name: "count", data: [1, null, -1, 2 ** 31 - 1, 0, 7], type: "INT32" },
      { name: "yes", data: [true, false, null, true, true, false], type: "BOOLEAN" },
    ],
  }));
  assertEquals([...readParquetRows(bytes)].flat(), [
    { size: 1, count: 1, yes: true },
    { text: "", size: 2 ** 53 - 1, yes: false },
    { text: "short ä", size: 2n ** 53n, count: -1 },
    { text: long, size: -(2n ** 63n), count: 2 ** 31 - 1, yes: true },
    { text: "plain, and also longer than twelve", count: 0, yes: true },
    { text: "exactly 12 B", size: 0, count: 7, yes: false },
  ]);
});

Deno.test("structs, lists and maps of a log file are objects and arrays, whatever their keys are called", () => {
  const values = [
    {
      path: "a",
      partitionValues: { day: "1", city: null },
      names: ["x", null],
      format: { provider: "parquet" },
    },
    { path: "b", partitionValues: JSON.parse('{"__proto__":"1"}'), names: [] },
    { path: "c", partitionValues: {} },
  ];
  const stored = values.map(({ partitionValues, ...rest }) => ({
    ...rest,
    partitionValues: Object.entries(partitionValues).map(([key, value]) => ({ key, value })),
  }));
  const bytes = new Uint8Array(parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 1 },
      { name: "add", num_children: 4, repetition_type: "OPTIONAL" },
      { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "partitionValues", num_children: 1, converted_type: "MAP", repetition_type: "OPTIONAL" },
      { name: "key_value", num_children: 2, repetition_type: "REPEATED" },
      { name: "key", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
      { name: "value", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "names", num_children: 1, converted_type: "LIST", repetition_type: "OPTIONAL" },
      { name: "list", num_children: 1, repetition_type: "REPEATED" },
      { name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "format", num_children: 1, repetition_type: "OPTIONAL" },
      { name: "provider", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    ],
    columnData: [{ name: "add", data: [...stored, null] }],
  }));
  assertEquals([...readParquetRows(bytes)].flat(), [...values.map((add) => ({ add })), {}]);
});
