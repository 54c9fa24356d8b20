/** What stays of files beside what is new, as columns. */
import { assertEquals } from "@std/assert";
import type { Column, Columns } from "../../lib/delta/mod.ts";
import { joinDated, piecesToJoin } from "../../lib/standard/join_columns.ts";

function numbersOf(values: readonly (number | null)[]): Column {
  const halves = new Int32Array(values.flatMap((value) => [value ?? 0, 0]));
  const present = values.includes(null) ? Uint8Array.from(values, (value) => value === null ? 0 : 1) : null;
  return { kind: "int64", length: values.length, present, halves };
}

function wholes(values: readonly number[]): Column {
  return { kind: "int32", length: values.length, present: null, values: Int32Array.from(values) };
}

/** Rows with a struct and a list of structs; the trains are numbered as given. */
function rowsOf(trains: readonly (number | null)[], marks: readonly number[]): Record<string, Column> {
  const length = trains.length;
  const fields = { a: wholes(marks), b: wholes(marks) };
  return {
    trainNumber: numbersOf(trains),
    mark: wholes(marks),
    ready: { kind: "struct", length, present: null, fields },
    causes: {
      kind: "list",
      length,
      present: null,
      ends: Int32Array.from({ length: length + 1 }, (_, row) => row),
      elements: { kind: "struct", length, present: null, fields },
    },
  };
}

const FRESH: Columns = { ...rowsOf([7, 8], [100, 101]), departureDate: wholes([20_000, 20_000]) };

function joinColumns(...[replaced, fresh, numbers]: Parameters<typeof piecesToJoin>): Columns | undefined {
  const pieces = piecesToJoin(replaced, fresh, numbers);
  return pieces && joinDated(pieces, 20_000);
}

function marksOf(columns: Columns | undefined): readonly number[] | undefined {
  const mark = columns?.mark;
  return mark?.kind === "int32" ? [...mark.values.subarray(0, mark.length)] : undefined;
}

Deno.test("rows of other trains stay, those without a train's number too, and what is new comes last", () => {
  const replaced = [rowsOf([7, 1, null, 7, 0, 8], [1, 2, 3, 4, 5, 6]), rowsOf([null], [7])];
  const joined = joinColumns(replaced, FRESH, new Set([7, 8]));
  assertEquals(marksOf(joined), [2, 3, 5, 7, 100, 101]);
  const date = joined?.departureDate;
  assertEquals(date?.kind === "int32" && [...date.values], [20_000, 20_000, 20_000, 20_000, 20_000, 20_000]);
  // A number that is not known is no 0.
  assertEquals(marksOf(joinColumns([rowsOf([null, 0], [1, 2])], FRESH, new Set([0]))), [1, 100, 101]);
});

Deno.test("files whose columns differ at any depth are read as frames", () => {
  const numbers = new Set([7]);
  const file = rowsOf([1], [1]);
  const { mark: _, ...without } = file;
  const structs = (fields: Columns): Column => ({ kind: "struct", length: 1, present: null, fields });
  const more = structs({ a: wholes([1]), b: wholes([1]), c: wholes([1]) });
  const renamed = structs({ a: wholes([1]), c: wholes([1]) });
  const { causes } = file;
  if (causes?.kind !== "list") throw new Error("no list");
  for (
    const other of [
      without,
      { ...file, another: wholes([1]) },
      { ...without, another: wholes([1]) },
      { ...file, ready: more },
      { ...file, ready: renamed },
      { ...file, causes: { ...causes, elements: more } },
      { ...file, causes: { ...causes, elements: renamed } },
    ]
  ) {
    assertEquals(joinColumns([file, other], FRESH, numbers), undefined);
  }
  assertEquals(marksOf(joinColumns([file, file], FRESH, numbers)), [1, 1, 100, 101]);
  assertEquals(joinColumns([], FRESH, numbers), FRESH);
});
