import { assertEquals } from "@std/assert";
import { columnBounds, statsRows, tableSchema } from "../../../lib/delta/mod.ts";
import { fileStats } from "../../../lib/delta/stats/file_stats.ts";
import { fakeAdd } from "../test_context.ts";

const vector = { storageType: "i", pathOrInlineDv: "x", sizeInBytes: 1, cardinality: 3 };
const DAMAGED = ["", "{", "null", "7", '"text"', "[]", '{"numRecords":NaN}', "\0", '{"numRecords":2}}'];
const NO_COUNT = [
  "{}",
  '{"numRecords":"2"}',
  '{"numRecords":-1}',
  '{"numRecords":1.5}',
  '{"numRecords":null}',
];

Deno.test("statistics count the rows of a file, without those that are deleted", () => {
  assertEquals(statsRows(fakeAdd("a", { stats: '{"numRecords":7}' })), 7);
  assertEquals(statsRows(fakeAdd("a", { stats: '{"numRecords":0}' })), 0);
  assertEquals(statsRows(fakeAdd("a", { stats: '{"numRecords":7}', deletionVector: vector })), 4);
});

Deno.test("absent and damaged statistics say nothing, and are no error", () => {
  assertEquals(statsRows(fakeAdd("a")), undefined);
  for (const stats of [...DAMAGED, ...NO_COUNT]) {
    assertEquals(statsRows(fakeAdd("a", { stats })), undefined, stats);
    assertEquals(boundsOfId(stats), [undefined, undefined], stats);
  }
  assertEquals(statsRows(fakeAdd("a", { stats: '{"numRecords":2}', deletionVector: vector })), undefined);
});

Deno.test("statistics are parsed once per file", () => {
  const add = fakeAdd("a", { stats: '{"numRecords":7}' });
  assertEquals(fileStats(add) === fileStats(add), true);
});

Deno.test("statistics of many files are right, though not all of them are kept", () => {
  const adds = Array.from({ length: 60_000 }, (_, rows) => fakeAdd("a", { stats: `{"numRecords":${rows}}` }));
  for (const round of [1, 2, 3]) {
    assertEquals(adds.findIndex((add, rows) => statsRows(add) !== rows), -1, `round ${round}`);
  }
});

Deno.test("bounds of a long keep all digits", () => {
  assertEquals(
    boundsOfId('{"minValues":{"id":-9223372036854775808},"maxValues":{"id":9223372036854775807}}'),
    [-(2n ** 63n), 2n ** 63n - 1n],
  );
  assertEquals(boundsOfId('{"minValues":{"id":3},"maxValues":{"id":5}}'), [3n, 5n]);
  assertEquals(boundsOfId('{"minValues":{"id":"x"},"maxValues":{"id":1.5}}'), [undefined, undefined]);
  assertEquals(boundsOfId('{"minValues":{"id":3}}'), [3n, undefined]);
});

Deno.test("bounds of a time are its millisecond, widened by what writers cut", () => {
  const table = tableOf({ time: "timestamp" });
  const stats =
    '{"maxValues":{"time":"2025-02-17T04:21:00.123Z"},"minValues":{"time":"2025-02-17T04:21:00Z"}}';
  const { lower, upper } = columnBounds(["time"], table)(fakeAdd("a", { stats }));
  const millis = Date.parse("2025-02-17T04:21:00.123Z");
  assertEquals([lower, upper], [BigInt(millis - 123) * 1000n - 999n, BigInt(millis) * 1000n + 999n]);
  assertEquals(Number((upper as bigint) / 1000n), millis);
});

Deno.test("bounds of a partition column are its value, whatever it is called", () => {
  const table = tableOf({ ["constructor" as string]: "date" }, ["constructor"]);
  const boundsOf = columnBounds(["constructor"], table);
  assertEquals(boundsOf(fakeAdd("a", { partitionValues: { constructor: "1970-01-03" } })), {
    lower: 2,
    upper: 2,
    hasNulls: false,
    hasValues: undefined,
  });
  const none = { hasNulls: undefined, hasValues: false };
  assertEquals(boundsOf(fakeAdd("a", { partitionValues: { constructor: null } })), none);
});

Deno.test("bounds of a mapped field in a struct are under its physical names", () => {
  const physical = (name: string) => ({ "delta.columnMapping.physicalName": name });
  const part = { name: "b", type: "long", nullable: true, metadata: physical("p-b") } as const;
  const type = { type: "struct", fields: [part] } as const;
  const schema = {
    type: "struct",
    fields: [{ name: "a", type, nullable: true, metadata: physical("p-a") }],
  } as const;
  const metadata = { partitionColumns: [], configuration: { "delta.columnMapping.mode": "name" } };
  const stats = '{"numRecords":2,"minValues":{"p-a":{"p-b":1}},"nullCount":{"p-a":{"p-b":0}}}';
  const { lower, hasNulls } = columnBounds(["a", "b"], { schema, metadata })(fakeAdd("f", { stats }));
  assertEquals([lower, hasNulls], [1n, false]);
});

function boundsOfId(stats: string): readonly unknown[] {
  const { lower, upper } = columnBounds(["id"], tableOf({ id: "long" }))(fakeAdd("a", { stats }));
  return [lower, upper];
}

function tableOf(columns: Parameters<typeof tableSchema>[0], partitionColumns: readonly string[] = []) {
  return { schema: tableSchema(columns), metadata: { partitionColumns, configuration: {} } };
}
