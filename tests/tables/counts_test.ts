import { assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { keepLargest } from "../../lib/tables/counts.ts";

Deno.test("of endless names the largest counts stay and the others are one sum", () => {
  const counts = { a: 1, b: 5, c: 2, d: 4 };
  assertEquals(keepLargest(counts, 4), counts);
  assertEquals(keepLargest(counts, 2), { b: 5, d: 4, "(others)": 3 });
  assertEquals(keepLargest({ ...counts, "(others)": 9 }, 2), { "(others)": 16, b: 5 });
});

Deno.test("whatever is kept, the sum stays, no name that went is larger, and there is at most one more than allowed", () => {
  const random = seededRandom(5);
  const sumOf = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  for (let round = 0; round < 200; round++) {
    const size = Math.floor(random() * 8), limit = Math.floor(random() * 8);
    const counts = Object.fromEntries(
      Array.from({ length: size }, (_, i) => [`name ${i}`, Math.floor(random() * 5)]),
    );
    const kept = keepLargest(counts, limit);
    const { "(others)": others, ...names } = kept;
    assertEquals(sumOf(kept), sumOf(counts));
    assertEquals([others !== undefined, Object.keys(names).length], [size > limit, Math.min(size, limit)]);
    const gone = Object.keys(counts).filter((name) => !(name in names)).map((name) => counts[name] ?? 0);
    assertEquals(Math.max(...gone, 0) <= Math.min(...Object.values(names), Infinity), true);
  }
});
