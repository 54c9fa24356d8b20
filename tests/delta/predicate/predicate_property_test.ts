import { assertEquals } from "@std/assert";
import { fileMatcher } from "../../../lib/delta/stats/file_pruning.ts";
import { createTable, MemoryStore, tableSchema } from "../../../lib/delta/mod.ts";
import type { Literal } from "../../../lib/delta/predicate/predicate.ts";
import { toPolars } from "../../../lib/delta/predicate/polars.ts";
import { evaluate, type NaiveRow, pick, randomPredicate } from "./naive_predicate.ts";
import { randomText } from "../random_values.ts";
import { seededRandom, testContext } from "../test_context.ts";
import { rounds } from "../../rounds.ts";

const SCHEMA = tableSchema({
  text: "string",
  big: "long",
  small: "short",
  ratio: "double",
  single: "float",
  money: "decimal(20,3)",
  day: "date",
  time: "timestamp",
  yes: "boolean",
  zone: "string",
  hour: "timestamp",
});
const ROUNDS = rounds(25);

Deno.test("a predicate takes the same rows in polars as row by row, and files are matched rightly", async () => {
  const random = seededRandom(20250217);
  const matches = { none: 0, some: 0, all: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const values = randomValues(random);
    const table = await createTable(
      new MemoryStore(),
      { schema: SCHEMA, partitionColumns: ["zone", "hour"] },
      testContext(),
    );
    const partitionValues = {
      zone: pick(random, values.zone) ?? null,
      hour: pick(random, values.hour) ?? null,
    };
    const rows = randomRows(random, values);
    const add = await table.stageRows(rows, { partitionValues });
    const full = rows.map((row) => ({ ...row, ...partitionValues }));
    const frame = await table.readFile(add);
    for (let attempt = 0; attempt < 60; attempt++) {
      const predicate = randomPredicate(random, values);
      const expected = full.filter((row) => evaluate(predicate, row, SCHEMA) === true).length;
      const shown = JSON.stringify(predicate, (_, part) => typeof part === "bigint" ? `${part}n` : part);
      assertEquals(frame.filter(toPolars(predicate, SCHEMA)).height, expected, shown);
      const match = fileMatcher(predicate, table.snapshot)(add);
      matches[match]++;
      if (match === "none") assertEquals(expected, 0, `${shown} ${add.stats}`);
      if (match === "all") assertEquals(expected, rows.length, `${shown} ${add.stats}`);
    }
  }
  // The test would prove nothing if every file were "some".
  assertEquals(["none", "some", "all"].map((kind) => matches[kind as keyof typeof matches] > rounds(100)), [
    true,
    true,
    true,
  ]);
});

type Values = Readonly<Record<"zone" | "hour", readonly Exclude<Literal, null>[]>> & {
  readonly [name: string]: readonly Literal[];
};

function randomValues(random: () => number): Values {
  const many = <T>(make: () => T): readonly T[] => Array.from({ length: 3 + Math.floor(random() * 4) }, make);
  const micros = () => BigInt(Math.floor((random() - 0.2) * 1e6)) * 1_000_001n;
  return {
    text: many(() => randomText(random, 6)),
    big: many(() =>
      pick(random, [2n ** 63n - 1n, -(2n ** 63n), BigInt(Math.floor(random() * 9)), 2n ** 53n + 1n]) ?? 0n
    ),
    small: many(() => Math.floor((random() - 0.5) * 20)),
    ratio: many(() => pick(random, [NaN, -0, 0, 0.1, Infinity, -1e300, random()]) ?? 0),
    single: many(() => Math.fround(pick(random, [NaN, 0.1, random(), 7]) ?? 0)),
    money: many(() =>
      pick(random, ["12345678901234567.891", "12345678901234567.892", "-0.001", "3.000"]) ?? ""
    ),
    day: many(() => pick(random, ["1969-12-31", "2025-02-17", "2025-02-18", "1990-01-01"]) ?? ""),
    time: many(micros),
    yes: [true, false],
    zone: many(() => randomText(random, 4) || "x"),
    hour: many(micros),
  };
}

function randomRows(random: () => number, values: Values): readonly NaiveRow[] {
  const nullShare = pick(random, [0, 0, 0.3, 1]) ?? 0;
  // Few values in a file make bounds that decide something.
  const some = Object.entries(values)
    .filter(([name]) => name !== "zone" && name !== "hour")
    .map(([name, all]) => [name, all.slice(0, 1 + Math.floor(random() * all.length))] as const);
  return Array.from({ length: 1 + Math.floor(random() * 8) }, () =>
    Object.fromEntries(
      some.map(([name, all]) => [name, random() < nullShare ? null : pick(random, all) ?? null]),
    ));
}
