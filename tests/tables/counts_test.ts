import { assertEquals } from "@std/assert";
import { keepLargest } from "../../lib/tables/counts.ts";

Deno.test("of endless names the largest counts stay and the others are one sum", () => {
  const counts = { a: 1, b: 5, c: 2, d: 4 };
  assertEquals(keepLargest(counts, 4), counts);
  assertEquals(keepLargest(counts, 2), { b: 5, d: 4, "(others)": 3 });
  assertEquals(keepLargest({ ...counts, "(others)": 9 }, 2), { "(others)": 16, b: 5 });
});
