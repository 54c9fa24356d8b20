/** Numbers as people read them, beside the runtime's own. */
import { assertEquals } from "@std/assert";
import { counted, grouped } from "../lib/printable.ts";

Deno.test("whole numbers have commas between their thousands, as Intl writes them", () => {
  const intl = new Intl.NumberFormat("en");
  for (const digits of Array.from({ length: 16 }, (_, power) => 10 ** power)) {
    for (const count of [digits - 1, digits, -digits, digits * 7]) {
      if (Number.isSafeInteger(count)) assertEquals(grouped(count), intl.format(count));
    }
  }
  for (const count of [0n, 2n ** 63n - 1n, -(2n ** 63n)]) assertEquals(grouped(count), intl.format(count));
});

Deno.test("a count has its noun, of one alone in the singular", () => {
  assertEquals([0, 1, 1n, 1234].map((count) => counted(count, "batch", "batches")), [
    "0 batches",
    "1 batch",
    "1 batch",
    "1,234 batches",
  ]);
});
