/** Which trains lie together in a file of a departure date. */
import { assertEquals, assertLess } from "@std/assert";
import { type Column, type Columns, longsOf, rowCount, type RowPiece } from "../../lib/delta/mod.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { cutByTrains } from "../../lib/standard/cut_by_trains.ts";

const ROWS_PER_TRAIN = 3;

function rowsOf(trains: readonly (number | null)[]): Columns {
  const numbers = trains.flatMap((number) => Array.from({ length: ROWS_PER_TRAIN }, () => number));
  const halves = new Int32Array(numbers.flatMap((number) => [number ?? 0, 0]));
  const present = Uint8Array.from(numbers, (number) => number === null ? 0 : 1);
  const trainNumber: Column = { kind: "int64", length: numbers.length, present, halves };
  return { trainNumber };
}

function whole(columns: Columns): RowPiece {
  return { columns, from: 0, to: rowCount(columns) };
}

function numbersIn(pieces: readonly RowPiece[]): readonly (number | null)[] {
  return pieces.flatMap(({ columns: { trainNumber }, from, to }) => {
    if (trainNumber?.kind !== "int64") return [];
    const values = longsOf(trainNumber);
    return Array.from(
      { length: to - from },
      (_, at) => trainNumber.present?.[from + at] === 0 ? null : Number(values[from + at]),
    );
  });
}

Deno.test("trains that changed lately lie together, each with all its rows, and none is lost", () => {
  const rows = [whole(rowsOf([5, 1, null, 9])), whole(rowsOf([2, 8, 3, 4]))];
  const changedAtMs = new Map([5, 1, 9, 2, 8, 3, 4].map((number) => [number, number % 2]));
  const cuts = cutByTrains(rows, { trainsPerFile: 3, changed: 1, ofDate: 100, changedAtMs });
  assertEquals(cuts.map(({ numbers }) => numbers && [...numbers]), [[1, 2, 4, 8], [3, 5, 9]]);
  const thrice = (numbers: readonly (number | null)[]) =>
    numbers.flatMap((number) => [number, number, number]);
  assertEquals(cuts.map(({ pieces }) => numbersIn(pieces)), [thrice([null, 1, 2, 4, 8]), thrice([3, 5, 9])]);
});

Deno.test("rows are cut only where a batch changes little of a date that has enough of them", () => {
  const rows = [whole(rowsOf([1, 2, 3, 4]))], changedAtMs = new Map<number, number>();
  for (
    const options of [
      { trainsPerFile: Infinity, changed: 1, ofDate: 1_000 },
      { trainsPerFile: 2, changed: 26, ofDate: 1_000 },
      { trainsPerFile: 3, changed: 1, ofDate: 1_000 },
    ]
  ) {
    assertEquals(cutByTrains(rows, { ...options, changedAtMs }), [{ pieces: rows, numbers: null }]);
  }
});

Deno.test("a batch of trains on their way changes few files, however many stand still", () => {
  const random = seededRandom(12), all = Array.from({ length: 1_000 }, (_, index) => index + 1);
  // Every sixth train is on its way, and changes again when all others of them have, about.
  const moving = all.filter((number) => number % 6 === 0);
  const changedAtMs = new Map<number, number>();
  let files: readonly (readonly number[])[] = [all], touched = 0, batches = 0;
  for (let batch = 0; batch < 200; batch++) {
    const changed = new Set(
      Array.from({ length: 5 }, (_, at) => {
        const place = batch * 5 + at + Math.floor(random() * 10);
        return moving[place % moving.length] ?? 0;
      }),
    );
    const hit = files.filter((file) => file.some((number) => changed.has(number)));
    if (batch >= 100) {
      touched += hit.length;
      batches++;
    }
    changed.forEach((number) => changedAtMs.set(number, batch));
    const rows = [whole(rowsOf(hit.flat()))];
    const cuts = cutByTrains(rows, { trainsPerFile: 24, changed: changed.size, ofDate: 1_000, changedAtMs });
    const cut = cuts.map(({ numbers }) => [...numbers ?? hit.flat()]);
    files = [...files.filter((file) => !hit.includes(file)), ...cut];
  }
  assertEquals(files.flat().sort((a, b) => a - b), all);
  // By their numbers it were nearly all of the five.
  assertLess(touched / batches, 3.5);
});
