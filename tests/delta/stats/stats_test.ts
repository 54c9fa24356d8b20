import { assert, assertEquals } from "@std/assert";
import type { DataType } from "../../../lib/delta/schema/schema.ts";
import { type Bound, encodeBound, serializeStats, statsColumns } from "../../../lib/delta/stats/stats.ts";
import { tableSchema } from "../../../lib/delta/schema/schema.ts";
import { compareBytes, randomText } from "../random_values.ts";
import { seededRandom } from "../test_context.ts";

// Type, value, text of the lower bound, text of the upper.
const BOUNDS: readonly (readonly [DataType, Bound, string | undefined, string | undefined])[] = [
  ["long", 2n ** 63n - 1n, "9223372036854775807", "9223372036854775807"],
  ["double", 1.5, "1.5", "1.5"],
  ["double", Infinity, undefined, undefined],
  ["double", -0, "-0.0", "0.0"],
  ["float", 0, "-0.0", "0.0"],
  ["integer", 0, "0", "0"],
  ["decimal(10,2)", "0.00", "0.00", "0.00"],
  ["decimal(38,2)", "-12345678901234567890.10", "-12345678901234567890.10", "-12345678901234567890.10"],
  ["date", 20136, '"2025-02-17"', '"2025-02-17"'],
  ["date", 3_000_000, undefined, undefined],
  ["timestamp", 1_000_000n, '"1970-01-01T00:00:01.000Z"', '"1970-01-01T00:00:01.000Z"'],
  ["timestamp", 1_000_001n, '"1970-01-01T00:00:01.000Z"', '"1970-01-01T00:00:01.001Z"'],
  ["timestamp", -1n, '"1969-12-31T23:59:59.999Z"', '"1970-01-01T00:00:00.000Z"'],
  ["timestamp", 2n ** 62n, undefined, undefined],
  ["string", "short", '"short"', '"short"'],
  ["string", "x".repeat(32), `"${"x".repeat(32)}"`, `"${"x".repeat(32)}"`],
  ["string", "x".repeat(33), `"${"x".repeat(32)}"`, `"${"x".repeat(32)}\u007f"`],
  ["string", "ä".repeat(33), `"${"ä".repeat(32)}"`, `"${"ä".repeat(32)}\ufffd"`],
  ["string", "😈".repeat(40), `"${"😈".repeat(32)}"`, `"${"😈".repeat(32)}\u{10ffff}"`],
  ["string", "\u{10ffff}".repeat(40), `"${"\u{10ffff}".repeat(32)}"`, undefined],
];

Deno.test({
  name: "bounds are cut so that they still bound, and left out where JSON cannot hold them",
  permissions: "none",
  fn: () => {
    for (const [type, value, min, max] of BOUNDS) {
      assertEquals([encodeBound(value, type, "min"), encodeBound(value, type, "max")], [min, max]);
    }
  },
});

Deno.test({
  name: "the bounds of any string lie around it in the order of UTF-8 bytes",
  permissions: "none",
  fn: () => {
    const random = seededRandom(3);
    for (let run = 0; run < 2000; run++) {
      const value = randomText(random, 80);
      const min: string = JSON.parse(encodeBound(value, "string", "min") ?? '""');
      const max: string | undefined = JSON.parse(encodeBound(value, "string", "max") ?? "null") ?? undefined;
      assert(compareBytes(min, value) <= 0);
      assert(max === undefined || compareBytes(value, max) <= 0);
      assert([...min].length <= 32 && [...max ?? ""].length <= 33);
    }
  },
});

Deno.test({
  name: "stats are nested as the columns are, without members that have no value",
  permissions: "none",
  fn: () => {
    const [a, b, c] = [["a"], ["s", "x"], ["s", "y"]].map((path) => ({ path, type: "long" as const }));
    const text = serializeStats(
      3,
      [a, b, c].flatMap((column, index) =>
        column === undefined
          ? []
          : [{ column, nullCount: index, ...(index === 1 ? {} : { min: `${index}`, max: "9" }) }]
      ),
    );
    assertEquals(JSON.parse(text), {
      numRecords: 3,
      minValues: { a: 0, s: { y: 2 } },
      maxValues: { a: 9, s: { y: 9 } },
      nullCount: { a: 0, s: { x: 1, y: 2 } },
    });
    assertEquals(JSON.parse(serializeStats(0, [])), {
      numRecords: 0,
      minValues: {},
      maxValues: {},
      nullCount: {},
    });
  },
});

Deno.test({
  name: "the first 32 columns are measured unless the table says otherwise",
  permissions: "none",
  fn: () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`c${index}`, "long" as const]));
    const { fields } = tableSchema({
      s: tableSchema({ x: "long", y: tableSchema({ z: "string" }) }),
      ...many,
    });
    const names = (configuration: Readonly<Record<string, string>>) =>
      statsColumns(fields, configuration).map(({ path }) => path.join("."));
    assertEquals(names({}).slice(0, 3), ["s.x", "s.y.z", "c0"]);
    assertEquals(names({}).length, 32);
    assertEquals(names({ "delta.dataSkippingNumIndexedCols": "-1" }).length, 42);
    assertEquals(names({ "delta.dataSkippingNumIndexedCols": "0" }), []);
    assertEquals(names({ "delta.dataSkippingStatsColumns": "c39, `s`" }), ["s.x", "s.y.z", "c39"]);
  },
});
