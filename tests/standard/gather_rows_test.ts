import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { gatherRows } from "../../lib/standard/gather_rows.ts";
import type { Winner } from "../../lib/standard/plan_merge.ts";

/** A slice of trains with one to three rows; each row knows its slice and place. */
function makeSlice(random: () => number, slice: number, trains: number) {
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
      offset: i,
      timestampMs: 0,
    };
    spans.push({ ...place, firstRow, rowCount });
    firstRow += rowCount;
  }
  const rows = pl.DataFrame({ place: Array.from({ length: firstRow }, (_, row) => slice * 100_000 + row) });
  return { spans, rows };
}

Deno.test("the rows of the winners and no others come, whether few or many runs are taken", () => {
  const random = seededRandom(81);
  for (const share of [0, 0.01, 0.3, 0.5, 1]) {
    const slices = [0, 1, 2].map((slice) => makeSlice(random, slice, 400));
    const winners = slices.flatMap(({ spans }, slice) =>
      spans.filter(() => random() < share).map((span) => ({ slice, span }))
    );
    const frames = slices.map(({ rows }, slice) => slice === 1 ? null : rows);
    const taken = winners.filter(({ slice }) => slice !== 1);
    const pieces = gatherRows(frames, taken.toReversed());
    const found = pieces.flatMap((piece) => piece.getColumn("place").toArray().map(Number));
    const expected = taken.flatMap(({ slice, span }) =>
      Array.from({ length: span.rowCount }, (_, i) => slice * 100_000 + span.firstRow + i)
    );
    assertEquals(found.sort((a, b) => a - b), expected.sort((a, b) => a - b));
  }
});
