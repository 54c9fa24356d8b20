/** Files written from columns, and read into columns, beside polars: the values, and the statistics. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Column,
  type Columns,
  createTable,
  type DeltaTable,
  fitFrame,
  frameOfColumns,
  frameRows,
  gatherColumns,
  MemoryStore,
  packColumns,
  type Row,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { testContext } from "../test_context.ts";
import { rounds } from "../../rounds.ts";

const encoder = new TextEncoder();
const CAUSE = tableSchema({ code: "string", id: "long" });
const SCHEMA = tableSchema({
  count: "long",
  constant: "long",
  time: "timestamp",
  small: "integer",
  day: "date",
  flag: "boolean",
  text: "string",
  word: "string",
  causes: { type: "array", elementType: CAUSE, containsNull: true },
  ready: tableSchema({ source: "string", accepted: "boolean", at: "string" }),
  never: "string",
});
const TEXTS = ["", "HKI", "ä 😈", "\ufeffmark", "\uffff", "\0", "x".repeat(70), "x".repeat(31) + "😈", "a"];

Deno.test("what is written from columns is read as what polars writes of the same values, with the same statistics", async () => {
  const random = seededRandom(11);
  const ways = { short: 0, other: 0 };
  for (const rows of [0, 1, 2, 7, 8, 9, 64, 65, 500, 17_000]) {
    for (const share of rows > 500 ? [0.3] : [0, 0.1, 0.9, 1]) {
      const columns = randomColumns(random, rows, share);
      const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
      const byColumns = await table.stageColumns(columns);
      const frame = fitFrame(frameOfColumns(columns, SCHEMA.fields), SCHEMA);
      const byPolars = await table.stageFile(frame);
      await assertSameRows(table, byColumns, byPolars, `${rows} rows, ${share} nulls`);
      assertEquals(byColumns.stats, byPolars.stats, `${rows} rows, ${share} nulls`);
      for (const [file, isOurs] of [[byColumns, true], [byPolars, false]] as const) {
        await assertSameColumns(table, file, isOurs, ways);
      }
    }
  }
  // What polars writes is as plain nearly always.
  assert(ways.other < ways.short / 10);
});

Deno.test("gathered pieces are the rows of the pieces one after another", async () => {
  const random = seededRandom(12);
  for (let round = 0; round < rounds(10); round++) {
    const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
    const sets = [70, 20, 1].map((rows) => randomColumns(random, rows, round / 10));
    const expected: Row[] = [];
    const pieces = Array.from({ length: 1 + round }, () => {
      const columns = sets[Math.floor(random() * sets.length)] ?? {};
      const rows = Array.from(
        frameRows(fitFrame(frameOfColumns(columns, SCHEMA.fields), SCHEMA), SCHEMA.fields),
      );
      const from = Math.floor(random() * (rows.length + 1));
      const to = from + Math.floor(random() * (rows.length - from + 1));
      expected.push(...rows.slice(from, to));
      return { columns, from, to };
    });
    const gathered = packColumns(gatherColumns(pieces), (size) => new SharedArrayBuffer(size));
    const file = await table.stageColumns(
      gatherColumns([{ columns: gathered, from: 0, to: expected.length }]),
    );
    assertEquals(Array.from(frameRows(await table.readFile(file), SCHEMA.fields)), expected);
  }
});

Deno.test("texts that are words in one piece and bytes in another become words", () => {
  const words: Column = {
    kind: "words",
    length: 2,
    present: null,
    codes: Int32Array.of(1, 0),
    words: ["a", "\ufeffb"],
  };
  const bytes = bytesOf(["\ufeffb", "", "c"], Uint8Array.of(1, 0, 1));
  const { text } = gatherColumns([bytes, words].map((column) => ({
    columns: { text: column },
    from: 0,
    to: column.length,
  })));
  assert(text?.kind === "words");
  const found = [...text.codes].map((code, row) => text.present?.[row] === 0 ? null : text.words[code]);
  assertEquals(found, ["\ufeffb", null, "c", "\ufeffb", "a"]);
});

Deno.test("columns that the table has and nobody gives are null; nulls in a column that must have none are refused", async () => {
  const schema = tableSchema({ a: "long", more: "timestamp", map: MAP });
  const required = {
    ...schema,
    fields: schema.fields.map((field) => ({ ...field, nullable: field.name !== "a" })),
  };
  const table = await createTable(new MemoryStore(), { schema: required }, testContext());
  const a: Column = { kind: "int64", length: 2, present: null, halves: Int32Array.of(1, 0, -1, -1) };
  const file = await table.stageColumns({ a });
  assertEquals(
    (await table.readFile(file)).toRecords(),
    [{ a: 1n, more: null, map: null }, {
      a: -1n,
      more: null,
      map: null,
    }].map((row) => ({ ...row, a: Number(row.a) })),
  );
  assertEquals(JSON.parse(file.stats ?? "").nullCount, { a: 0, more: 2, map: 2 });
  const withNull = { ...a, present: Uint8Array.of(1, 0) };
  await assertRejects(
    () => table.stageColumns({ a: withNull }),
    TypeError,
    'column "a" has nulls, expected none',
  );
  await assertRejects(() => table.stageColumns({}), TypeError, 'column "a" is missing');
  await assertRejects(() => table.stageColumns({ a, b: a }), TypeError, 'column "b" is unknown');
  const words: Column = { kind: "words", length: 2, present: null, codes: Int32Array.of(0, 0), words: ["x"] };
  await assertRejects(
    () => table.stageColumns({ a: words }),
    TypeError,
    'column "a" is of words, expected one for long',
  );
});

Deno.test("a table with rules has columns checked as it has frames", async () => {
  const configuration = { "delta.constraints.positive": "a > 0" };
  const table = await createTable(new MemoryStore(), {
    schema: tableSchema({ a: "long", b: "string" }),
    configuration,
  }, testContext());
  const column = (low: number): Column => ({
    kind: "int64",
    length: 1,
    present: null,
    halves: Int32Array.of(low, 0),
  });
  assert(await table.stageColumns({ a: column(1) }));
  await assertRejects(() => table.stageColumns({ a: column(0) }), Error, "positive");
});

const MAP = { type: "map", keyType: "string", valueType: "long", valueContainsNull: true } as const;

async function assertSameRows(
  table: DeltaTable,
  found: Awaited<ReturnType<DeltaTable["stageFile"]>>,
  expected: typeof found,
  which: string,
): Promise<void> {
  const [ours, theirs] = await Promise.all(
    [found, expected].map(async (file) => Array.from(frameRows(await table.readFile(file), SCHEMA.fields))),
  );
  assertEquals(ours, theirs, which);
}

/** What is read as columns is what is read as a frame; of files of our own nothing takes the other way. */
async function assertSameColumns(
  table: DeltaTable,
  file: Awaited<ReturnType<DeltaTable["stageFile"]>>,
  isOurs: boolean,
  ways: { short: number; other: number },
): Promise<void> {
  const columns = await table.readColumns(file);
  if (columns === undefined) {
    assert(!isOurs, "the short way was not taken");
    ways.other++;
    return;
  }
  ways.short++;
  const frame = fitFrame(frameOfColumns(columns, SCHEMA.fields), SCHEMA);
  const expected = Array.from(frameRows(await table.readFile(file), SCHEMA.fields));
  assertEquals(Array.from(frameRows(frame, SCHEMA.fields)), expected);
}

function randomColumns(random: Random, length: number, nulls: number): Columns {
  const below = (limit: number) => Math.floor(random() * limit);
  const present = () => nulls === 0 ? null : Uint8Array.from({ length }, () => random() < nulls ? 0 : 1);
  const ints = (size: number, limit: number) =>
    Int32Array.from({ length: size }, () => below(limit) - limit / 2);
  const times = new Int32Array(length * 2);
  const micros = new BigInt64Array(times.buffer);
  for (let row = 0; row < length; row++) {
    micros[row] = BigInt(below(2_000)) * 60_000_000n + 1_739_000_000_000_000n;
  }
  return {
    count: { kind: "int64", length, present: present(), halves: ints(length * 2, 2 ** 32) },
    constant: { kind: "int64", length, present: null, halves: new Int32Array(length * 2).fill(-7) },
    time: { kind: "int64", length, present: present(), halves: times },
    small: {
      kind: "int32",
      length,
      present: present(),
      values: ints(length, random() < 0.5 ? 100 : 2 ** 32),
    },
    day: { kind: "int32", length, present: present(), values: ints(length, 40_000) },
    flag: {
      kind: "boolean",
      length,
      present: present(),
      values: Uint8Array.from({ length }, () => below(2)),
    },
    text: bytesOf(Array.from({ length }, () => TEXTS[below(TEXTS.length)] ?? ""), present()),
    word: {
      kind: "words",
      length,
      present: present(),
      codes: Int32Array.from({ length }, () => below(TEXTS.length)),
      words: TEXTS,
    },
    causes: listsOf(random, length, present()),
    ready: readyOf(random, length, present()),
    never: {
      kind: "words",
      length,
      present: new Uint8Array(length),
      codes: new Int32Array(length),
      words: [],
    },
  };
}

function bytesOf(texts: readonly string[], present: Uint8Array | null): Column {
  const encoded = texts.map((text, row) => encoder.encode(present?.[row] === 0 ? "" : text));
  const ends = new Int32Array(texts.length + 1);
  encoded.forEach((bytes, row) => ends[row + 1] = (ends[row] ?? 0) + bytes.length);
  const bytes = new Uint8Array(ends[texts.length] ?? 0);
  encoded.forEach((each, row) => bytes.set(each, ends[row]));
  return { kind: "bytes", length: texts.length, present, ends, bytes };
}

function listsOf(random: Random, length: number, present: Uint8Array | null): Column {
  const ends = new Int32Array(length + 1);
  for (let row = 0; row < length; row++) {
    const elements = present?.[row] === 0 ? 0 : Math.floor(random() * 3);
    ends[row + 1] = (ends[row] ?? 0) + elements;
  }
  const inside = ends[length] ?? 0;
  const flags = (share: number) => Uint8Array.from({ length: inside }, () => random() < share ? 0 : 1);
  const elements: Column = {
    kind: "struct",
    length: inside,
    present: flags(0.2),
    fields: {
      code: bytesOf(Array.from({ length: inside }, () => TEXTS[Math.floor(random() * 3)] ?? ""), flags(0.3)),
      id: {
        kind: "int64",
        length: inside,
        present: flags(0.5),
        halves: Int32Array.from({ length: inside * 2 }, () => Math.floor(random() * 9)),
      },
    },
  };
  return { kind: "list", length, present, ends, elements };
}

function readyOf(random: Random, length: number, present: Uint8Array | null): Column {
  const flags = () => Uint8Array.from({ length }, (_, row) => present?.[row] === 0 || random() < 0.3 ? 0 : 1);
  const texts = () => bytesOf(Array.from({ length }, () => TEXTS[Math.floor(random() * 9)] ?? ""), flags());
  return {
    kind: "struct",
    length,
    present,
    fields: {
      source: texts(),
      accepted: { kind: "boolean", length, present: flags(), values: new Uint8Array(length).fill(1) },
      at: texts(),
    },
  };
}
