/** How long messages took, as a batch is measured. */
import { assertEquals } from "@std/assert";
import { longColumn } from "../../lib/analysis/make_columns.ts";
import { measureBatch } from "../../lib/quality/measures/measure_batch.ts";
import { delayFigures } from "../../lib/tables/delay_bins.ts";
import { MEASURES } from "../../lib/tables/measures.ts";
import type { ValidatedChunk } from "../../lib/validate/validate_chunk.ts";

const NOW_MS = Date.parse("2025-02-17T10:00:00Z");

/** What a batch has of messages by when they were written and fetched; milliseconds, NaN for none. */
function measuresOf(messages: readonly (readonly [writtenMs: number, fetchedMs: number])[]) {
  const times = (at: 0 | 1) => longColumn(Float64Array.from(messages, (each) => each[at] * 1000));
  const landing = { kafkaMessageTimestamp: times(0), fetchedAt: times(1) };
  const chunk = { partition: 0, messages: messages.length, landing } as unknown as ValidatedChunk;
  const ranges = [{ partition: 0, from: 0n, to: BigInt(messages.length) }];
  const measures = measureBatch(
    { chunks: [chunk], ranges } as unknown as Parameters<typeof measureBatch>[0],
    {
      found: { counts: new Map(), changes: new Map(), backwards: [] },
      unsent: [],
      newestPollMs: () => null,
      times: { landedMs: NOW_MS, mergedMs: NOW_MS + 1000 },
    },
  );
  return measures.get(0) ?? {};
}

Deno.test("a message without a time is counted, and makes no other seem to have taken weeks", () => {
  // Some clients write -1 for none, as landing keeps it.
  const measures = measuresOf([[NOW_MS - 4000, NOW_MS - 5000], [-1, NOW_MS - 5000], [-1, NaN], [NaN, NaN]]);
  assertEquals(measures[MEASURES.messages], 4);
  const figures = [MEASURES.publishing, MEASURES.landing, MEASURES.whole].map((name) => {
    const { count, above } = delayFigures(measures, name);
    return [name, count, above(60_000)];
  });
  assertEquals(figures, [["publishing", 1, 0], ["landing", 1, 0], ["whole", 1, 0]]);
});
