/** Frames as columns: every value that a frame has, and no other. */
import { assertEquals, assertThrows } from "@std/assert";
import pl from "nodejs-polars";
import {
  columnsOfFrame,
  frameOf,
  frameOfColumns,
  frameRows,
  rowCount,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

const SCHEMA = tableSchema({
  id: "long",
  small: "integer",
  day: "date",
  time: "timestamp",
  word: "string",
  flag: "boolean",
  inside: tableSchema({ x: "string", y: "boolean" }),
  list: { type: "array", elementType: tableSchema({ n: "long" }), containsNull: true },
});

Deno.test("a frame as columns and back has the same rows, whatever is null in it", () => {
  const random = seededRandom(12);
  const maybe = <T>(value: T) => random() < 0.7 ? value : null;
  for (const rows of [1, 2, 50, 3000]) {
    const made = Array.from({ length: rows }, (_, i) => ({
      id: maybe(BigInt(i) * 2n ** 40n - 5n),
      small: maybe(i - 20),
      day: maybe(`20${10 + i % 80}-02-1${i % 9}`),
      time: maybe(BigInt(i) * 1_000_000_007n),
      word: maybe(i % 3 === 0 ? "\ufeffä" : `word ${i % 17}`),
      flag: maybe(i % 2 === 0),
      inside: maybe({ x: maybe(`x${i}`), y: maybe(true) }),
      list: maybe(Array.from({ length: i % 4 }, (_, n) => maybe({ n: maybe(BigInt(n)) }))),
    }));
    const frame = frameOf(made, SCHEMA);
    const columns = columnsOfFrame(frame, SCHEMA.fields);
    assertEquals(rowCount(columns), rows);
    const again = Array.from(frameRows(frameOfColumns(columns, SCHEMA.fields), SCHEMA.fields));
    assertEquals(again, Array.from(frameRows(frame, SCHEMA.fields)));
  }
});

Deno.test("a frame of no rows has no columns; one of another type is refused", () => {
  const { fields } = tableSchema({ track: "integer" });
  assertEquals(columnsOfFrame(frameOf([], tableSchema({ track: "integer" })), fields), {});
  assertThrows(() => columnsOfFrame(pl.DataFrame({ track: ["four"] }), fields), TypeError, 'column "track"');
  const raw = tableSchema({ raw: "binary" });
  const bytes = frameOf([{ raw: Uint8Array.of(1) }], raw);
  assertThrows(
    () => columnsOfFrame(bytes, raw.fields),
    TypeError,
    'Cannot make columns of the frame: found the column "raw"',
  );
});
