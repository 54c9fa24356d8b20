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
    assertEquals(found.sort((a, b) => a - b), expected.sort((a, b) => a - b));
  }
});
