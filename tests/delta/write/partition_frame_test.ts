import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { type DataType, frameOf, tableSchema } from "../../../lib/delta/mod.ts";
import { exactValues, splitByPartition } from "../../../lib/delta/write/partition_frame.ts";

const TYPES = {
  string: ["a", null, "", "ä\u{1f680}", "x\u0000y"],
  integer: [2 ** 31 - 1, null, -(2 ** 31), 0],
  date: ["1970-01-01", null, "0001-01-01", "9999-12-31", "1969-12-31"],
  long: [2n ** 63n - 1n, null, -(2n ** 63n), 0n],
  timestamp: [0n, null, -62_135_596_800_000_000n, 253_402_300_799_999_999n],
  double: [0.1, null, Infinity, -0],
  boolean: [true, null, false],
  "decimal(20,2)": ["12.30", null, "-0.01"],
} as const;

Deno.test("the values of a column come out exactly, nulls too, with and without rows", () => {
  for (const [type, values] of Object.entries(TYPES)) {
    const schema = tableSchema({ value: type as DataType });
    const [field] = schema.fields;
    if (field === undefined) throw new TypeError("there is one column");
    const frame = frameOf(values.map((value) => ({ value })), schema);
    assertEquals(exactValues(frame, field), values, type);
    assertEquals(exactValues(frame.head(0), field), [], type);
  }
  const texts = pl.DataFrame({ value: ["b", null, "a"] }).select(pl.col("value").cast(pl.Categorical));
  assertEquals(exactValues(texts, { name: "value", type: "string" }), ["b", null, "a"]);
});

Deno.test("a frame of one partition, also that of nulls, is given as it is", () => {
  const fields = tableSchema({ part: "string", day: "date", id: "integer" }).fields.slice(0, 2);
  const rows = (part: string | null, day: string | null) => [1, 2].map((id) => ({ part, day, id }));
  const split = (all: ReturnType<typeof rows>) =>
    splitByPartition(frameOf(all, tableSchema({ part: "string", day: "date", id: "integer" })), fields)
      .map(({ values, frame }) => [values, frame.columns, frame.height]);
  assertEquals(split(rows("a", "2025-02-17")), [[{ part: "a", day: "2025-02-17" }, ["id"], 2]]);
  assertEquals(split(rows(null, null)), [[{ part: null, day: null }, ["id"], 2]]);
  assertEquals(split([...rows("", null), ...rows(null, null)]), [[{ part: null, day: null }, ["id"], 4]]);
  assertEquals(split([...rows("a", null), ...rows(null, null)]), [
    [{ part: "a", day: null }, ["id"], 2],
    [{ part: null, day: null }, ["id"], 2],
  ]);
});
