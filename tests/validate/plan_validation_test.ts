/** How a log is cut, at the bounds. */
import { assertEquals } from "@std/assert";
import { chunkWeight, planValidation } from "../../lib/validate/plan_validation.ts";

Deno.test("from 2,000 messages on a worker validates one half of the bound while the other is written", () => {
  assertEquals(planValidation(1999, 8000), { maxBatchBytes: 8000, maxChunkBytes: 2000, aheadBytes: 0 });
  assertEquals(planValidation(2000, 8000), { maxBatchBytes: 4000, maxChunkBytes: 1000, aheadBytes: 4000 });
});

Deno.test("chunks are a quarter of a batch, never nothing, and of 4 MB at most", () => {
  assertEquals(planValidation(1, 1).maxChunkBytes, 1);
  assertEquals(planValidation(1, 16_000_000).maxChunkBytes, 4_000_000);
  assertEquals(planValidation(1, 64_000_000).maxChunkBytes, 4_000_000);
  assertEquals(planValidation(5000, 64_000_000).maxBatchBytes, 32_000_000);
});

Deno.test("a message counts for 250 bytes at least: a million of {} are no two megabytes", () => {
  assertEquals(chunkWeight({ sizeBytes: 2_000_000, messages: 1_000_000 }), 250_000_000);
  assertEquals(chunkWeight({ sizeBytes: 3001, messages: 3 }), 3001);
});
