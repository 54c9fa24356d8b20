/** Which messages nobody has sent before, whatever files landing has them in. */
import { assertEquals } from "@std/assert";
import { appendMessages } from "../../lib/landing/append_messages.ts";
import { findUnsent } from "../../lib/landing/find_unsent.ts";
import { MemoryStore } from "../../lib/delta/mod.ts";
import { LANDING_SCHEMA } from "../../lib/tables/message_schemas.ts";
import { openLakeTable } from "../../lib/tables/open_lake_table.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import type { TrainSpan } from "../../lib/validate/validate_chunk.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import { identifyTrain } from "../../lib/train/train_message.ts";
import { testContext } from "../delta/test_context.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";

const [A, B, C] = makeRound(3, 1, FIRST_ROUND_MS).map(({ value }) => value);
/** File by file. Without keys nobody knows the dates of the messages but by looking. */
const values = [[A, B], [A], [C, B, B]].map((file) => file.map((value) => value ?? null));

/** A landing table of these files, and the trains of all its messages in log order. */
async function land(files: readonly (readonly (Uint8Array | null)[])[], key: string | null | undefined) {
  const delta = await openLakeTable(new MemoryStore(), { schema: LANDING_SCHEMA }, testContext("landing"));
  const landing = new TopicTable(delta, { name: "landing", topic: "trains" });
  const spans: TrainSpan[] = [];
  let offset = 0n;
  for (const file of files) {
    const from = offset;
    const records = file.map((value) => {
      const own = identifyTrain({ bytes: value ?? new Uint8Array(), identity: undefined });
      return {
        ...{ offset: offset++, timestampMs: 1, value, headers: {} },
        key: key === undefined ? `${own?.departureDate}/${own?.trainNumber}` : key,
      };
    });
    const source = (async function* () {
      yield await Promise.resolve({ partition: 0, records, nextOffset: offset, sizeBytes: 1 });
    })();
    const chunks = await Array.fromAsync(
      validateChunks(source, { topic: "trains", aheadBytes: 0, monotonic: () => 0 }),
    );
    const range = { partition: 0, from, to: offset, messages: file.length, expired: 0n, gaps: 0n };
    await appendMessages(landing, { chunks, ranges: [range], messages: file.length, sizeBytes: 1 });
    for (const chunk of chunks) spans.push(...chunk.spans);
  }
  return { landing, spans };
}

for (const key of [undefined, null, "27"]) {
  Deno.test(`a message is unsent where no other with its bytes stands before it, with the key ${key ?? (key === null ? "none" : "of fetch")}`, async () => {
    const { landing, spans } = await land(values, key);
    const unsent = await findUnsent(landing, spans);
    assertEquals(unsent.map(({ offset }) => offset).sort(), [0n, 1n, 3n]);
    for (const span of spans) {
      const alone = await findUnsent(landing, [span]);
      assertEquals(alone, unsent.includes(span) ? [span] : []);
    }
  });
}

Deno.test("files of other dates are not looked through", async () => {
  const { landing, spans } = await land(values, undefined);
  const later = spans.map((span) => ({ ...span, departureDay: span.departureDay + 2 }));
  // So it finds none of their bytes before them.
  assertEquals((await findUnsent(landing, later)).length, later.length);
});

Deno.test("what cannot be looked through as a whole is no reason to say that nobody has sent it", async () => {
  const { landing, spans } = await land(values, null);
  assertEquals(await findUnsent(landing, spans, { maxBytes: 10 }), []);
  assertEquals(await findUnsent(landing, []), []);
});
