/** Damaged files: what is read into columns is what polars reads, or is left to polars. */
import { assert, assertEquals } from "@std/assert";
import {
  type Column,
  CorruptFileError,
  createTable,
  fitFrame,
  frameOfColumns,
  frameRows,
  MemoryStore,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { testContext } from "../test_context.ts";

const CASES = Number(Deno.env.get("RATALAKE_FUZZ_CASES") ?? 300);
const SCHEMA = tableSchema({
  id: "long",
  time: "timestamp",
  day: "date",
  word: "string",
  text: "string",
  flag: "boolean",
  list: { type: "array", elementType: "long", containsNull: true },
});
const ROWS = 60;

Deno.test("of files with flipped bits no other rows are read than polars reads, and hardly any that it refuses", async () => {
  const random = seededRandom(31);
  const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
  const file = await table.stageColumns(someColumns());
  const whole = await table.store.read(file.path);
  const found = { columns: 0, left: 0, refused: 0 };
  for (let round = 0; round < CASES; round++) {
    const bytes = whole.slice();
    for (let flip = 0; flip <= round % 3; flip++) {
      const at = Math.floor(random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    await table.store.put(file.path, bytes);
    const columns = await table.readColumns(file);
    if (columns === undefined) {
      found.left++;
      continue;
    }
    found.columns++;
    // A name that was hit is another column.
    const given = SCHEMA.fields.filter(({ name }) => name in columns);
    const frame = fitFrame(frameOfColumns(columns, given), SCHEMA);
    const rows = Array.from(frameRows(frame, SCHEMA.fields));
    try {
      const expected = Array.from(frameRows(await table.readFile(file), SCHEMA.fields));
      assertEquals(rows, expected, `round ${round}`);
    } catch (error) {
      // polars also looks at what no value depends on: orders of columns, who wrote the file.
      if (!(error instanceof CorruptFileError)) throw error;
      found.refused++;
    }
  }
  assert(found.columns > CASES / 10 && found.left > CASES / 10, JSON.stringify(found));
  assert(found.refused <= CASES / 50, JSON.stringify(found));
});

Deno.test("a text that is no UTF-8 is left to others, plain or in a dictionary", async () => {
  const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
  const file = await table.stageColumns(someColumns());
  const bytes = await table.store.read(file.path);
  const latin1 = new TextDecoder("latin1").decode(bytes);
  for (const text of ["text 5 ", "\u00c3\u00a4"]) {
    const changed = bytes.slice();
    changed[latin1.indexOf(text)] = 0xff;
    await table.store.put(file.path, changed);
    assertEquals(await table.readColumns(file), undefined);
  }
});

function someColumns() {
  const head = {
    length: ROWS,
    present: Uint8Array.from({ length: ROWS }, (_, row) => row % 7 === 0 ? 0 : 1),
  };
  const halves = (step: number) =>
    Int32Array.from({ length: ROWS * 2 }, (_, i) => i % 2 === 0 ? i * step : 0);
  const texts = Array.from({ length: ROWS }, (_, row) => row % 7 === 0 ? "" : `text ${row} ä`);
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const ends = new Int32Array(ROWS + 1);
  encoded.forEach((each, row) => ends[row + 1] = (ends[row] ?? 0) + each.length);
  const bytes = Uint8Array.from(encoded.flatMap((each) => [...each]));
  const elements: Column = { kind: "int64", length: ROWS, present: null, halves: halves(3) };
  return {
    id: { kind: "int64", ...head, halves: halves(1) },
    time: { kind: "int64", ...head, halves: halves(60) },
    day: { kind: "int32", ...head, values: Int32Array.from({ length: ROWS }, (_, row) => row >> 3) },
    word: {
      kind: "words",
      ...head,
      codes: Int32Array.from({ length: ROWS }, (_, row) => row % 3),
      words: ["a", "", "ä"],
    },
    text: { kind: "bytes", ...head, ends, bytes },
    flag: { kind: "boolean", ...head, values: Uint8Array.from({ length: ROWS }, (_, row) => row % 2) },
    list: {
      kind: "list",
      length: ROWS,
      present: null,
      ends: Int32Array.from({ length: ROWS + 1 }, (_, row) => row >> 1),
      elements,
    },
  } as const;
}
