/** Percentiles from bins beside exact ones, and that bins add up. */
import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { delayFigures, DelayHistogram } from "../../lib/tables/delay_bins.ts";
import { addCounts, countsSince } from "../../lib/tables/measures.ts";

const random = seededRandom(5);
/** From a tenth of a millisecond to some weeks, with more short ones. */
const DELAYS = Array.from({ length: 3000 }, () => 10 ** (random() * 10 - 1));

function binned(delays: readonly number[]) {
  const histogram = new DelayHistogram();
  for (const delay of delays) histogram.add(delay);
  return histogram.toCounts("lag");
}

Deno.test("a percentile from the bins is within 9.1 % of the exact one, or 1.2 ms", () => {
  for (const count of [1, 2, 7, 100, 3000]) {
    const some = DELAYS.slice(0, count), sorted = some.toSorted((a, b) => a - b);
    const figures = delayFigures(binned(some), "lag");
    assertEquals(figures.count, count);
    for (const share of [0.01, 0.5, 0.95, 0.99, 1]) {
      const exact = sorted[Math.max(1, Math.ceil(share * count)) - 1] ?? NaN;
      const found = figures.percentile(share);
      assert(
        Math.abs(found - exact) <= Math.max(0.091 * exact, 1.2),
        `${share} of ${count}: ${found}, ${exact}`,
      );
    }
  }
});

Deno.test("what is above a limit is counted but for what shares its bin, and nothing else", () => {
  const figures = delayFigures(binned(DELAYS), "lag");
  for (const limit of [1, 50, 1000, 300_000]) {
    const least = DELAYS.filter((delay) => delay >= 1.19 * limit).length;
    const most = DELAYS.filter((delay) => delay >= limit).length;
    const found = figures.above(limit);
    assert(least <= found && found <= most, `${limit}: ${found} of ${least} to ${most}`);
  }
});

Deno.test("bins of parts add up to those of the whole, and what came later is the difference", () => {
  const [early, late] = [DELAYS.slice(0, 1000), DELAYS.slice(1000)];
  const sum = addCounts(binned(early), binned(late));
  assertEquals(sum, binned(DELAYS));
  assertEquals(countsSince(sum, binned(early)), binned(late));
});

Deno.test("delays that nobody has, and those of other names, change nothing; negative ones are none at all", () => {
  assertEquals(delayFigures({ "lags.3": 1, lag: 2 }, "lag").count, 0);
  assertEquals(delayFigures({}, "lag").percentile(0.5), 0);
  assertEquals(binned([-5, 0, NaN, 1]), { "lag.0": 4 });
  assertEquals(binned([1e300]), { "lag.128": 1 });
});
