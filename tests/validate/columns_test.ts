/** Column buffers against what polars reads out of them. */

import { assertEquals } from "@std/assert";
import { tableFromIPC } from "apache-arrow";
import pl from "nodejs-polars";
import { type Column, type DataType, type Frame, frameOfColumns } from "../../lib/delta/mod.ts";
import { STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { INITIAL_ROWS } from "../../lib/validate/column_buffer.ts";
import { CausesColumn, TrainReadyColumn } from "../../lib/validate/nested_columns.ts";
import { fillObject } from "../../lib/validate/values/fill_train.ts";
import { BoolColumn, Int32Column, Int64Column } from "../../lib/validate/number_columns.ts";
import { DictionaryColumn, Utf8Column } from "../../lib/validate/text_columns.ts";
import { createTrainValues, type FieldValues, NO_FLAG } from "../../lib/validate/values/train_values.ts";
import type { Cause } from "../../lib/train/train_schema.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";

const encoder = new TextEncoder();
const WORDS = ["", "HKI", "ä", "😈", "x".repeat(300), "a b"];

/** A column and how it takes one random value: what was appended comes back, null for null. */
interface Kind {
  readonly name: string;
  readonly type: DataType;
  readonly make: () => Filled;
}

interface Filled {
  readonly length: number;
  readonly appendRandom: (random: Random, count: number) => unknown;
  readonly appendNull: (count: number) => void;
  readonly clear: () => void;
  readonly toColumn: () => Column;
}

function wordOf(random: Random): string {
  return WORDS[Math.floor(random() * WORDS.length)] ?? "";
}

function wholeOf(random: Random): number {
  return Math.round((random() - 0.5) * 2 * (random() < 0.5 ? 100 : Number.MAX_SAFE_INTEGER));
}

/** Makes a kind of a column whose `append` takes a count. */
function counted<T>(
  name: string,
  type: DataType,
  make: () => { append(value: T, count?: number): void } & Omit<Filled, "appendRandom">,
  options: {
    readonly value: (random: Random) => T;
    readonly seen?: (value: T) => unknown;
  },
): Kind {
  const { value, seen = (value) => value } = options;
  return {
    name,
    type,
    make: () => {
      const column = make();
      return filled(column, (random, count) => {
        const next = value(random);
        column.append(next, count);
        return seen(next);
      });
    },
  };
}

function filled(column: Omit<Filled, "appendRandom">, appendRandom: Filled["appendRandom"]): Filled {
  return {
    get length() {
      return column.length;
    },
    appendRandom,
    appendNull: (count) => column.appendNull(count),
    clear: () => column.clear(),
    toColumn: () => column.toColumn(),
  };
}

const KINDS: readonly Kind[] = [
  counted("long", "long", () => new Int64Column(), {
    value: wholeOf,
    seen: (value) => BigInt(value),
  }),
  counted("integer", "integer", () => new Int32Column(), {
    value: (random) => Math.floor((random() - 0.5) * 2 ** 32),
  }),
  counted("flag", "boolean", () => new BoolColumn(), { value: (random) => random() < 0.5 }),
  counted("words", "string", () => new DictionaryColumn(), {
    // "" too, which nulls stand on.
    value: (random) => wordOf(random) + (random() < 0.3 ? "" : Math.floor(random() * 50)),
  }),
  {
    name: "text",
    type: "string",
    make: () => {
      const column = new Utf8Column();
      return filled(column, (random, count) => {
        const text = wordOf(random);
        for (let i = 0; i < count; i++) column.append(encoder.encode(text));
        return text;
      });
    },
  },
  ...several("longs", "long", () => new Int64Column(), {
    value: wholeOf,
    append: (column, values) =>
      column.appendAll(Float64Array.from(values, (value) => value ?? NaN), values.length),
    seen: BigInt,
  }),
  ...several("flags", "boolean", () => new BoolColumn(), {
    value: (random) => random() < 0.5,
    append: (column, values) =>
      column.appendAll(Uint8Array.from(values, (value) => Number(value ?? NO_FLAG)), values.length),
  }),
  ...several("words", "string", () => new DictionaryColumn(), {
    value: (random) => wordOf(random) + Math.floor(random() * 3),
    append: (column, values) => column.appendAll(values, values.length),
  }),
  ...several("texts", "string", () => new Utf8Column(), {
    value: wordOf,
    append: (column, values) => column.appendAll(values, values.length),
  }),
  ...several("packed texts", "string", () => new Utf8Column(), {
    value: (random) => "0123456789abcdef".slice(Math.floor(random() * 13)).slice(0, 3),
    append: (column, values) => {
      if (values.includes(null)) column.appendAll(values, values.length);
      else column.appendPacked(encoder.encode(values.join("")), 3, values.length);
    },
  }),
  ...several("causes", typeOf("causes"), () => new CausesColumn(), {
    value: (random) => Array.from({ length: Math.floor(random() * 3) }, () => causeOf(random)),
    append: (column, values) => column.appendAll(fieldOf("causes", values), values.length),
    seen: (causes) => JSON.stringify(causes.map(completeCause)),
  }),
  ...several("trainReady", typeOf("trainReady"), () => new TrainReadyColumn(), {
    value: (random) =>
      random() < 0.3 ? {} : { source: wordOf(random), accepted: random() < 0.5, timestamp: null },
    append: (column, values) => column.appendAll(fieldOf("trainReady", values), values.length),
    seen: (ready) => JSON.stringify({ source: null, accepted: null, timestamp: null, ...ready }),
  }),
];

/** A kind whose values are appended several at a time, nulls among them or none. */
function several<T, Buffer extends Omit<Filled, "appendRandom">>(
  name: string,
  type: DataType,
  make: () => Buffer,
  options: {
    readonly value: (random: Random) => T;
    readonly append: (column: Buffer, values: readonly (T | null)[]) => void;
    readonly seen?: (value: T) => unknown;
  },
): Kind[] {
  const { value, append, seen = (value) => value } = options;
  return [{
    name: `several ${name}`,
    type,
    make: () => {
      const column = make();
      return filled(column, (random, count) => {
        const next = value(random), isNull = random() < 0.3;
        const values = Array.from({ length: count }, (_, i) => isNull && i % 2 === 1 ? null : next);
        append(column, values);
        return isNull && count > 1 ? values.map((value) => value === null ? null : seen(value)) : seen(next);
      });
    },
  }];
}

/** A field of timetable rows that have these values in it. */
function fieldOf(name: string, values: readonly unknown[]): FieldValues {
  const rows = createTrainValues().train.inside("timeTableRows");
  for (const value of values) fillObject(rows, { [name]: value });
  return rows.of(name);
}

function causeOf(random: Random): Cause {
  return random() < 0.3
    ? {}
    : { categoryCode: wordOf(random), categoryCodeId: wholeOf(random), thirdCategoryCode: null };
}

function completeCause({ categoryCode = null, categoryCodeId = null }: Cause) {
  return {
    categoryCode,
    detailedCategoryCode: null,
    categoryCodeId,
    detailedCategoryCodeId: null,
    thirdCategoryCode: null,
    thirdCategoryCodeId: null,
  };
}

/** Fills the column with runs of values and nulls and returns what must be in it. */
function fill(column: Filled, random: Random, rows: number): unknown[] {
  const expected: unknown[] = [];
  while (expected.length < rows) {
    const count = random() < 0.9 ? 1 + Math.floor(random() * 3) : 200;
    let value: unknown = null;
    if (random() < 0.3) column.appendNull(count);
    else value = column.appendRandom(random, count);
    for (let i = 0; i < count; i++) expected.push(Array.isArray(value) ? value[i] : value);
  }
  assertEquals(column.length, expected.length);
  return expected;
}

/** The type of a column of the standard table. */
function typeOf(name: string): DataType {
  return STANDARD_SCHEMA.fields.find((field) => field.name === name)?.type ?? "string";
}

function frameOf(column: Column, type: DataType): Frame {
  return frameOfColumns({ c: column }, [{ name: "c", type, nullable: true, metadata: {} }]);
}

function valuesOf(frame: Frame): unknown[] {
  const table = tableFromIPC(frame.writeIPC());
  const column = table.getChild("c");
  return Array.from({ length: table.numRows }, (_, i) => plain(column?.get(i) ?? null));
}

function read(column: Column, type: DataType): unknown[] {
  return valuesOf(frameOf(column, type));
}

/** Nested values as JSON text. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? Number(part) : part);
}

for (const { name, type, make } of KINDS) {
  Deno.test(`a column of ${name} gives back what was appended: empty, small, grown, and again after clear`, () => {
    const random = seededRandom(61);
    const column = make();
    for (const rows of [0, 7, INITIAL_ROWS + 3, 100, INITIAL_ROWS * 2 + 1, 9]) {
      column.clear();
      const expected = fill(column, random, rows);
      const { present } = column.toColumn();
      const nulls = expected.filter((value) => value === null).length;
      assertEquals(present?.filter((flag) => flag === 0).length ?? 0, nulls);
      assertEquals(present === null, nulls === 0);
      assertEquals(read(column.toColumn(), type), expected);
    }
  });
}

for (const { name, type, make } of KINDS) {
  Deno.test(`a column of ${name} may hold nothing but nulls, also after it held values`, () => {
    const random = seededRandom(63);
    const column = make();
    for (const rows of [3, 9]) {
      column.appendNull(rows);
      assertEquals(read(column.toColumn(), type), new Array(rows).fill(null));
      column.clear();
      fill(column, random, 20);
      column.clear();
    }
  });
}

Deno.test("texts keep every byte when their room has to grow, those that come packed too", () => {
  const column = new Utf8Column();
  const expected: string[] = [];
  for (const length of [700_000, 400_000, 0, 3_000_000, 40]) {
    expected.push("abcdefgh"[expected.length % 8]?.repeat(length) ?? "");
    column.append(encoder.encode(expected.at(-1)));
  }
  for (const count of [1, 40_000, 20]) {
    const texts = Array.from({ length: count }, (_, i) => String(i * 7 + count).padStart(40, "-"));
    for (const text of texts) expected.push(text);
    column.appendPacked(encoder.encode(texts.join("")), 40, count);
  }
  // One by one, as a difference of this size is nothing to show.
  const found = read(column.toColumn(), "string");
  assertEquals(found.length, expected.length);
  assertEquals(found.findIndex((text, i) => text !== expected[i]), -1);
});

Deno.test("values at the limits of 64 bits, times and dates keep every digit", () => {
  const long = new Int64Column(), time = new Int64Column();
  const day = new Int32Column();
  const values = [
    0,
    -1,
    1,
    2 ** 32,
    -(2 ** 32),
    2 ** 31,
    -(2 ** 31) - 1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ];
  for (const value of values) long.append(value), time.append(value), day.append(value % 1e6);
  long.appendHalves(-1, 2 ** 31 - 1), long.appendHalves(0, -(2 ** 31));
  const limits = [2n ** 63n - 1n, -(2n ** 63n)];
  assertEquals(read(long.toColumn(), "long"), [...values.map(BigInt), ...limits]);
  const micros = frameOf(time.toColumn(), "timestamp").select(pl.col("c").cast(pl.Int64));
  assertEquals(valuesOf(micros), values.map(BigInt));
  const dates = read(day.toColumn(), "date").map(Number);
  assertEquals(dates, values.map((value) => value % 1e6 * 86_400_000).map((ms) => ms === 0 ? 0 : ms));
});

Deno.test("offsets of any 64 bits keep every digit, on both sides of what a number can say", () => {
  const random = seededRandom(62);
  const edges = [
    0n,
    1n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 63n - 1n,
    -1n,
    -(2n ** 53n) - 1n,
    -(2n ** 63n),
  ];
  const others = Array.from(
    { length: 1000 },
    () =>
      BigInt.asIntN(
        64,
        BigInt(Math.floor(random() * 2 ** 32)) << 32n | BigInt(Math.floor(random() * 2 ** 32)),
      ),
  );
  const column = new Int64Column();
  const values = [...edges, ...others];
  for (const value of values) column.appendBigint(value);
  assertEquals(read(column.toColumn(), "long"), values);
});

Deno.test("a flag that is null has the value false, whatever stood in its place before, so that equal rows are equal bytes", () => {
  const column = new BoolColumn();
  column.appendAll(Uint8Array.of(1, 1, 1), 3);
  column.clear();
  column.appendNull(2);
  column.appendAll(Uint8Array.of(1), 1);
  const { values } = column.toColumn() as Column & { readonly kind: "boolean" };
  assertEquals([...values], [0, 0, 1]);
});
