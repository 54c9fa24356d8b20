import { assertEquals } from "@std/assert";
import { shareBar, sparkline } from "../../lib/report/bars.ts";

Deno.test("a bar is full for the whole alone, and never longer or shorter than it should be", () => {
  assertEquals([shareBar(1, 5, "ascii"), shareBar(0.999, 5, "ascii"), shareBar(0, 5, "ascii")], [
    "#####",
    "####.",
    ".....",
  ]);
  assertEquals(shareBar(0.5, 4, "blocks"), "██░░");
  for (const share of [-1, 0.01, 0.49, 2]) assertEquals(shareBar(share, 7, "ascii").length, 7);
});

Deno.test("a sparkline has a character per value, its greatest highest; what nobody knows is a blank", () => {
  assertEquals(sparkline([0, 5, null, 10], "blocks"), "▁▅ █");
  assertEquals(sparkline([0, 5, null, 10], "ascii"), ".+ @");
  assertEquals(sparkline([90, 95, 100], "blocks", "least"), "▁▅█");
  assertEquals(sparkline([], "blocks"), "");
});

Deno.test("values that are all alike are no trend: all of 0 at the bottom, all of something at the top of a scale from 0", () => {
  assertEquals(sparkline([0, 0], "blocks"), "▁▁");
  assertEquals(sparkline([3, 3], "blocks"), "██");
  assertEquals(sparkline([99, 99, null], "blocks", "least"), "▁▁ ");
  assertEquals(sparkline([null, null], "blocks"), "  ");
});
