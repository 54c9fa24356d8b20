/** The arithmetic of the benchmark. */

import { assertEquals } from "@std/assert";
import { ratioOf, type Run, summarizeRuns } from "./summarize_runs.ts";

const run = (seconds: number, cpuSeconds = seconds, peakBytes: number | null = null): Run => ({
  seconds,
  cpuSeconds,
  peakBytes,
});

Deno.test("best and median are of wall and CPU seconds each by itself, the peak is of the largest run", () => {
  const { bestSeconds, medianSeconds, bestCpuSeconds, medianCpuSeconds, peakBytes } = summarizeRuns("ours", [
    run(3, 1, 100),
    run(1, 5, 300),
    run(2, 4, 200),
  ]);
  assertEquals([bestSeconds, medianSeconds], [1, 2]);
  assertEquals([bestCpuSeconds, medianCpuSeconds], [1, 4]);
  assertEquals(peakBytes, 300);
});

Deno.test("the median of an even number of runs is the mean of the two in the middle", () => {
  assertEquals(summarizeRuns("ours", [run(4), run(1), run(9), run(2)]).medianSeconds, 3);
});

Deno.test("where no memory was measured there is no peak", () => {
  assertEquals(summarizeRuns("ours", [run(1), run(2)]).peakBytes, null);
});

Deno.test("the ratio is of the best runs, below 1 where ours needs less, and none without a peer", () => {
  const [ours, peer] = [summarizeRuns("ours", [run(1), run(50)]), summarizeRuns("peer", [run(4), run(2)])];
  assertEquals(ratioOf(ours, peer), 0.5);
  assertEquals(ratioOf(ours, null), null);
});
