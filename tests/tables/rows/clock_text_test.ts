/** Times of the day in Finland. */
import { assertEquals } from "@std/assert";
import { clockText } from "../../../lib/tables/rows/clock_text.ts";

Deno.test("a time is shown as a clock in Finland shows it, also in the nights in which clocks change", () => {
  const hours = (from: string) => [0, 1, 2].map((hour) => clockText(Date.parse(from) + hour * 3_600_000));
  assertEquals(hours("2026-03-29T00:30:00Z"), ["02:30", "04:30", "05:30"]);
  assertEquals(hours("2026-10-24T23:30:00Z"), ["02:30", "03:30", "03:30"]);
  assertEquals(clockText("2026-02-16T22:05:59.999Z"), "00:05");
});

Deno.test("no time, and one that no calendar has, is no text: tables of other engines may hold any", () => {
  const odd = [null, "", "soon", NaN, Infinity, 8.64e15, -8.64e15, 9e18].map(clockText);
  assertEquals(odd, odd.map(() => ""));
  assertEquals(clockText(Date.UTC(10_000, 0, 1)), "02:00");
});
