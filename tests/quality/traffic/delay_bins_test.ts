/** Bins of delays: a delay is in one of them, limits of punctuality are between two, quantiles are near the true ones. */
import { assert, assertEquals } from "@std/assert";
import { BIN_STARTS, binStart, delayBins, delayQuantile } from "../../../lib/quality/traffic/delay_bins.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

function binned(delays: readonly number[]) {
  const counts: Record<string, number> = {};
  for (const delay of delays) counts[binStart(delay)] = (counts[binStart(delay)] ?? 0) + 1;
  return delayBins(counts);
}

Deno.test("bins rise, and a bin takes from its start up to the next one", () => {
  assertEquals(BIN_STARTS, [...new Set(BIN_STARTS)].sort((a, b) => a - b));
  for (const limit of [-15, 0, 180, 300, 1800]) {
    assertEquals(binStart(limit), limit);
    assert(binStart(limit - 0.001) < limit);
  }
  assertEquals([binStart(-1e9), binStart(1e9), binStart(14.999)], [-43_200, 21_600, 0]);
});

Deno.test("a quantile lies in the bin of the true one, whatever the delays", () => {
  const random = seededRandom(8);
  for (let round = 0; round < 200; round++) {
    const delays = Array.from(
      { length: 1 + Math.floor(random() * 300) },
      () => Math.round((random() ** 3 - 0.1) * 4000),
    ).sort((a, b) => a - b);
    for (const share of [0.5, 0.9]) {
      const truth = delays[Math.ceil(share * delays.length) - 1] ?? NaN;
      const found = delayQuantile(binned(delays), share) ?? NaN;
      const end = BIN_STARTS[BIN_STARTS.indexOf(binStart(truth)) + 1] ?? Infinity;
      assert(binStart(truth) <= found && found <= end, `${found} for ${truth}`);
    }
  }
});

Deno.test("no trains have no quantile, and beyond the last bin it is said where that begins", () => {
  assertEquals(delayQuantile([], 0.5), null);
  assertEquals(delayQuantile(binned([50_000]), 0.5), 21_600);
});
