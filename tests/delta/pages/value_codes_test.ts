/** Codes stand for the values, whatever they are, and there are none where they would be longer than these. */
import { assert, assertEquals } from "@std/assert";
import { codeValues } from "../../../lib/delta/pages/value_codes.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

const EDGES = [0, -1, 1, 2 ** 31 - 1, -(2 ** 31), 65_535, 65_536];

Deno.test("the values come back from their codes, each distinct one standing once in the order of its appearance", () => {
  const random = seededRandom(2);
  for (const distinct of [1, 7, 100, 5000, 16_384]) {
    for (const width of [1, 2] as const) {
      const known = Array.from(
        { length: distinct },
        (_, at) =>
          Array.from(
            { length: width },
            () => at < EDGES.length ? EDGES[at] ?? 0 : Math.floor(random() * 2 ** 32) | 0,
          ),
      );
      const picked = Array.from(
        { length: 3 * distinct + 20 },
        (_, at) => known[at < distinct ? at : Math.floor(random() * distinct)] ?? [],
      );
      const ints = Int32Array.from(picked.flat());
      const coded = codeValues(ints, width);
      assert(coded !== null, `${distinct} values of ${width}`);
      const back = Array.from(
        coded.codes,
        (code) => [...coded.distinct.subarray(width * code, width * (code + 1))],
      );
      assertEquals(back, picked.map((value) => [...value]));
      assertEquals(new Set(back.map(String)).size * width, coded.distinct.length);
    }
  }
});

Deno.test("there are no codes of values that hardly repeat, or of which there are too many", () => {
  assertEquals(codeValues(Int32Array.from({ length: 100 }, (_, at) => at), 1), null);
  assertEquals(codeValues(Int32Array.from({ length: 80_000 }, (_, at) => at % 20_000), 1), null);
  assertEquals(codeValues(Int32Array.of(), 1)?.codes.length, 0);
});
