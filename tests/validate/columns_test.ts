/** Column buffers against what Arrow and polars read out of them. */

import { assert, assertEquals } from "@std/assert";
import {
  type Data,
  DateDay,
  Int32,
  Int64,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  TimestampMicrosecond,
} from "apache-arrow";
import { Field, makeData } from "apache-arrow";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import { encodeColumns } from "../../lib/validate/arrow_ipc.ts";
import { INITIAL_ROWS } from "../../lib/validate/column_buffer.ts";
import { CausesColumn, TrainReadyColumn } from "../../lib/validate/nested_columns.ts";
import { BoolColumn, Int32Column, Int64Column } from "../../lib/validate/number_columns.ts";
import { DictionaryColumn, Utf8Column } from "../../lib/validate/text_columns.ts";
import type { Cause } from "../../lib/train/train_schema.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";

const encoder = new TextEncoder();
const WORDS = ["", "HKI", "ä", "😈", "x".repeat(300), "a b"];

/** A column and how it takes one random value: what was appended comes back, null for null. */
interface Kind {
  readonly name: string;
  readonly make: () => Filled;
}

interface Filled {
  readonly length: number;
  readonly appendRandom: (random: Random, count: number) => unknown;
  readonly appendNull: (count: number) => void;
  readonly clear: () => void;
  readonly toData: () => Data;
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
  make: () => { append(value: T, count?: number): void } & Omit<Filled, "appendRandom">,
  options: {
    readonly value: (random: Random) => T;
    readonly seen?: (value: T) => unknown;
  },
): Kind {
  const { value, seen = (value) => value } = options;
  return {
    name,
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
    toData: () => column.toData(),
  };
}

/** Columns that take one value at a time. */
function single<T>(column: { append(value: T): void }, value: T, count: number): void {
  for (let i = 0; i < count; i++) column.append(value);
}

const KINDS: readonly Kind[] = [
  counted("long", () => new Int64Column(new Int64()), { value: wholeOf, seen: (value) => BigInt(value) }),
  counted("integer", () => new Int32Column(new Int32()), {
    value: (random) => Math.floor((random() - 0.5) * 2 ** 32),
  }),
  counted("flag", () => new BoolColumn(), { value: (random) => random() < 0.5 }),
  counted("words", () => new DictionaryColumn(), {
    // "" too, which nulls stand on.
    value: (random) => wordOf(random) + (random() < 0.3 ? "" : Math.floor(random() * 50)),
  }),
  {
    name: "text",
    make: () => {
      const column = new Utf8Column();
      return filled(column, (random, count) => {
        const text = wordOf(random);
        single(column, encoder.encode(text), count);
        return text;
      });
    },
  },
  {
    name: "causes",
    make: () => {
      const column = new CausesColumn();
      return filled(column, (random, count) => {
        const causes = Array.from({ length: Math.floor(random() * 3) }, () => causeOf(random));
        single(column, causes, count);
        return JSON.stringify(causes.map(completeCause));
      });
    },
  },
  {
    name: "trainReady",
    make: () => {
      const column = new TrainReadyColumn();
      return filled(column, (random, count) => {
        const ready = random() < 0.3
          ? {}
          : { source: wordOf(random), accepted: random() < 0.5, timestamp: null };
        single(column, ready, count);
        return JSON.stringify({ source: null, accepted: null, timestamp: null, ...ready });
      });
    },
  },
];

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
    for (let i = 0; i < count; i++) expected.push(value);
  }
  assertEquals(column.length, expected.length);
  return expected;
}

function readArrow(data: Data): unknown[] {
  const struct = makeData({
    type: new Struct([new Field("c", data.type, true)]),
    length: data.length,
    nullCount: 0,
    children: [data],
  });
  return valuesOf(new Table([new RecordBatch(new Schema(struct.type.children), struct)]));
}

function encode(data: Data): Buffer {
  return Buffer.concat([...encodeColumns({ c: data }).pieces]);
}

function readPolars(data: Data): unknown[] {
  const frame = pl.readIPC(encode(data));
  assertEquals(frame.height, data.length);
  return valuesOf(tableFromIPC(frame.writeIPC()));
}

function valuesOf(table: Table): unknown[] {
  const column = table.getChild("c");
  return Array.from({ length: table.numRows }, (_, i) => plain(column?.get(i) ?? null));
}

/** Nested values as JSON text. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? Number(part) : part);
}

for (const { name, make } of KINDS) {
  Deno.test(`a column of ${name} gives back what was appended: empty, small, grown, and again after clear`, () => {
    const random = seededRandom(61);
    const column = make();
    for (const rows of [0, 7, INITIAL_ROWS + 3, 100, INITIAL_ROWS * 2 + 1, 9]) {
      column.clear();
      const expected = fill(column, random, rows);
      const data = column.toData();
      assert(data.nullCount === expected.filter((value) => value === null).length);
      assertEquals(readArrow(data), expected);
      if (rows > 0) assertEquals(readPolars(data), expected);
    }
  });
}

/** A field and those inside of it. */
function withInner(field: Field): readonly Field[] {
  const inner: readonly Field[] = field.type.children ?? [];
  return [field, ...inner.flatMap(withInner)];
}

Deno.test("every column says of itself that it may hold nulls, those inside of others too", () => {
  const columns = Object.fromEntries(KINDS.map(({ name, make }) => [name, make().toData()]));
  const { fields } = tableFromIPC(Buffer.concat([...encodeColumns(columns).pieces])).schema;
  const all = fields.flatMap(withInner);
  assertEquals([fields.map(({ name }) => name), all.length], [Object.keys(columns), KINDS.length + 10]);
  assertEquals(all.filter(({ nullable }) => !nullable).map(({ name }) => name), []);
});

for (const { name, make } of KINDS) {
  Deno.test(`a column of ${name} may hold nothing but nulls, also after it held values`, () => {
    const random = seededRandom(63);
    const column = make();
    for (const rows of [3, 9]) {
      column.appendNull(rows);
      assertEquals(readArrow(column.toData()), new Array(rows).fill(null));
      assertEquals(readPolars(column.toData()), new Array(rows).fill(null));
      column.clear();
      fill(column, random, 20);
      column.clear();
    }
  });
}

Deno.test("texts keep every byte when their room has to grow, those that are written in place too", () => {
  const column = new Utf8Column();
  const expected: string[] = [];
  for (const length of [700_000, 400_000, 0, 3_000_000, 40]) {
    expected.push("abcdefgh"[expected.length % 8]?.repeat(length) ?? "");
    column.append(encoder.encode(expected.at(-1)));
  }
  for (let i = 0; i < 150_000; i++) {
    const text = String(i).padStart(40, "-");
    expected.push(text);
    const start = column.reserve(text.length);
    encoder.encodeInto(text, column.bytes.subarray(start));
  }
  // One by one, as a difference of this size is nothing to show.
  const found = readArrow(column.toData());
  assertEquals(found.length, expected.length);
  assertEquals(found.findIndex((text, i) => text !== expected[i]), -1);
});

Deno.test("values at the limits of 64 bits, times and dates keep every digit", () => {
  const long = new Int64Column(new Int64()), time = new Int64Column(new TimestampMicrosecond("UTC"));
  const day = new Int32Column(new DateDay());
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
  assertEquals(readArrow(long.toData()), [...values.map(BigInt), ...limits]);
  assertEquals(readPolars(long.toData()), [...values.map(BigInt), ...limits]);
  const micros = tableFromIPC(
    pl.readIPC(encode(time.toData())).select(pl.col("c").cast(pl.Int64))
      .writeIPC(),
  );
  assertEquals(valuesOf(micros), values.map(BigInt));
  const dates = readPolars(day.toData()).map(Number);
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
  const column = new Int64Column(new Int64());
  const values = [...edges, ...others];
  for (const value of values) column.appendBigint(value);
  assertEquals(readArrow(column.toData()), values);
  assertEquals(readPolars(column.toData()), values);
});
