import { assert, assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { keyPredicate } from "../../../lib/delta/change/key_predicate.ts";
import { tableSchema, toPolars } from "../../../lib/delta/mod.ts";
import { seededRandom } from "../test_context.ts";

const schema = tableSchema({
  part: "string",
  id: "long",
  price: "decimal(30,2)",
  day: "date",
  ratio: "double",
});
const names = schema.fields.map(({ name }) => name);

Deno.test("the predicate of keys is true for every row that has one, however many there are", () => {
  for (const [seed, count] of [[1, 3], [2, 64], [3, 65], [4, 150]] as const) {
    const frame = randomFrame(seed, count);
    for (const on of [["id"], ["part", "id"], ["price"], ["day", "id"], ["part"], ["ratio", "id"], names]) {
      for (const partitionColumns of [[], ["part"], ["day"]]) {
        const keys = schema.fields.filter(({ name }) => on.includes(name));
        const predicate = keyPredicate(frame, { keys, partitionColumns });
        const withKey = on.reduce((rows, name) => rows.filter(pl.col(name).isNotNull()), frame);
        const taken = withKey.filter(toPolars(predicate, schema));
        assertEquals(taken.height, withKey.height, `${count} rows by ${on} in parts of ${partitionColumns}`);
      }
    }
  }
});

Deno.test("the predicate of keys is false for what lies beyond them", () => {
  const frame = randomFrame(5, 300).filter(
    pl.col("id").ltEq(pl.lit(500)).and(pl.col("id").gtEq(pl.lit(400))),
  );
  const keys = schema.fields.filter(({ name }) => name === "id");
  const predicate = keyPredicate(frame, { keys, partitionColumns: [] });
  const all = randomFrame(6, 300);
  const taken = all.filter(toPolars(predicate, schema));
  assert(taken.height > 0 && taken.height < all.height / 4, `${taken.height} of ${all.height}`);
});

Deno.test("rows without a key are no keys", () => {
  const frame = randomFrame(7, 5).withColumns(pl.lit(null).cast(pl.Int64).alias("id"));
  const keys = schema.fields.filter(({ name }) => name === "id");
  const predicate = keyPredicate(frame, { keys, partitionColumns: [] });
  assertEquals(randomFrame(8, 50).filter(toPolars(predicate, schema)).height, 0);
});

/** Ids below 1000, far prices, days and ratios; every tenth value is null. */
function randomFrame(seed: number, count: number): pl.DataFrame {
  const random = seededRandom(seed);
  const column = (name: string, make: () => string) =>
    pl.Series(name, Array.from({ length: count }, () => random() < 0.1 ? null : make()), pl.Utf8);
  return pl.DataFrame([
    column("part", () => "abcd"[Math.floor(random() * 4)] ?? "a"),
    column("id", () => String(Math.floor(random() * 1000))),
    column(
      "price",
      () => `${Math.floor(random() * 1e15)}${Math.floor(random() * 1e9)}.${10 + Math.floor(random() * 90)}`,
    ),
    column("day", () => String(Math.floor(random() * 90) + 20_000)),
    column("ratio", () => String(random())),
  ]).select(
    pl.col("part"),
    pl.col("id").cast(pl.Int64),
    pl.col("price").cast(pl.Decimal(30, 2)),
    pl.col("day").cast(pl.Int32).cast(pl.Date),
    pl.col("ratio").cast(pl.Float64),
  );
}
