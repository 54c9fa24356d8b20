import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
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
      version: 1,
      contentHash: 0n,
      partition: 0,
      offset: BigInt(i),
      timestampMs: 0,
    };
    spans.push({ ...place, firstRow, rowCount });
    firstRow += rowCount;
  }
  const rows = pl.DataFrame({ place: Array.from({ length: firstRow }, (_, row) => chunk * 100_000 + row) });
  return { spans, rows };
}

Deno.test("the rows of the winners and no others come, whether few or many runs are taken", () => {
  const random = seededRandom(81);
  for (const share of [0, 0.01, 0.3, 0.5, 1]) {
    const chunks = [0, 1, 2].map((chunk) => makeChunk(random, chunk, 400));
    const winners = chunks.flatMap(({ spans }, chunk) =>
      spans.filter(() => random() < share).map((span) => ({ chunk, span }))
    );
    const frames = chunks.map(({ rows }, chunk) => chunk === 1 ? null : rows);
    const taken = winners.filter(({ chunk }) => chunk !== 1);
    const pieces = gatherRows(frames, taken.toReversed());
    const found = pieces.flatMap((piece) => piece.getColumn("place").toArray().map(Number));
    const expected = taken.flatMap(({ chunk, span }) =>
      Array.from({ length: span.rowCount }, (_, i) => chunk * 100_000 + span.firstRow + i)
    );
    // As they lie in the chunks: the counts of a file rest on the order of the route.
    assertEquals(found, expected);
  }
});

Deno.test("few trains that lie side by side come as one piece, many as one piece per chunk", () => {
  const { spans, rows } = makeChunk(seededRandom(82), 0, 400);
  const piecesOf = (isTaken: (place: number) => boolean) => {
    const winners = spans.flatMap((span, place) => isTaken(place) ? [{ chunk: 0, span }] : []);
    return gatherRows([rows], winners.toReversed()).length;
  };
  assertEquals(piecesOf((place) => place < 200), 1);
  assertEquals(piecesOf((place) => [3, 4, 5, 9, 398, 399].includes(place)), 3);
  // 63 runs, and 64.
  assertEquals(piecesOf((place) => place < 126 && place % 2 === 0), 63);
  assertEquals(piecesOf((place) => place < 128 && place % 2 === 0), 1);
  assertEquals(piecesOf(() => false), 0);
});
