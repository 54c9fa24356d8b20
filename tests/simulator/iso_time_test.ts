import { assertEquals, assertThrows } from "@std/assert";
import { isoTime } from "../../lib/simulator/iso_time.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";

Deno.test({
  name: "a time is written as toISOString writes it, in any order of days",
  permissions: "none",
  fn: () => {
    const random = seededRandom(1);
    const starts = [0, -1, 86_399_999, 86_400_000, 951_782_399_000, -62_135_596_800_000, 253_402_300_799_000];
    for (const atMs of starts) assertEquals(isoTime(atMs), new Date(atMs).toISOString());
    for (let draw = 0; draw < 20_000; draw++) {
      const atMs = Math.floor((random() - 0.2) * 5e9) * (draw % 7 === 0 ? 1 : 1000);
      assertEquals(isoTime(atMs), new Date(atMs).toISOString());
    }
    assertThrows(() => isoTime(NaN), RangeError);
  },
});
