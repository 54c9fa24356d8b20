import { assertEquals } from "@std/assert";
import { type Column, gatherColumns } from "../../lib/delta/mod.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { gatherRows } from "../../lib/standard/gather_rows.ts";
import type { Winner } from "../../lib/standard/plan_merge.ts";

/** A chunk of trains with one to three rows; each row knows its chunk and place. */
function makeChunk(random: () => number, chunk: number, trains: number) {
  const spans: Winner["span"][] = [];
  let firstRow = 0;
  for (let i = 0; i < trains; i++) {
    const rowCount = 1 + Math.floor(random() * 3);
    const place = {
      departureDay: 1,
      trainNumber: i + 1,
      sourceEpoch: 0,
      version: 1,
      contentHash: 0n,
      partition: 0,
      offset: BigInt(i),
      timestampMs: 0,
      fetchedAtMs: NaN,
    };
    spans.push({ ...place, firstRow, rowCount });
    firstRow += rowCount;
  }
  const values = Int32Array.from({ length: firstRow }, (_, row) => chunk * 100_000 + row);
  const place: Column = { kind: "int32", length: firstRow, present: null, values };
  return { spans, rows: { place } };
}

Deno.test("the rows of the winners and no others come, however many", () => {
  const random = seededRandom(81);
  for (const share of [0, 0.01, 0.3, 0.5, 1]) {
    const chunks = [0, 1, 2].map((chunk) => makeChunk(random, chunk, 400));
    const winners = chunks.flatMap(({ spans }, chunk) =>
      spans.filter(() => random() < share).map((span) => ({ chunk, span }))
    );
    const frames = chunks.map(({ rows }, chunk) => chunk === 1 ? null : rows);
    const taken = winners.filter(({ chunk }) => chunk !== 1);
    const pieces = gatherRows(frames, taken.toReversed());
    const { place } = gatherColumns(pieces);
    const found = place?.kind === "int32" ? [...place.values] : [];
    const expected = taken.flatMap(({ chunk, span }) =>
      Array.from({ length: span.rowCount }, (_, i) => chunk * 100_000 + span.firstRow + i)
    );
    // As they lie in the chunks: the counts of a file rest on the order of the route.
    assertEquals(found, expected);
  }
});

Deno.test("trains that lie side by side come as one piece, and none as none", () => {
  const { spans, rows } = makeChunk(seededRandom(82), 0, 400);
  const piecesOf = (isTaken: (place: number) => boolean) => {
    const winners = spans.flatMap((span, place) => isTaken(place) ? [{ chunk: 0, span }] : []);
    return gatherRows([rows], winners.toReversed()).length;
  };
  assertEquals(piecesOf((place) => place < 200), 1);
  assertEquals(piecesOf((place) => [3, 4, 5, 9, 398, 399].includes(place)), 3);
  assertEquals(piecesOf((place) => place < 128 && place % 2 === 0), 64);
  assertEquals(piecesOf(() => false), 0);
});
