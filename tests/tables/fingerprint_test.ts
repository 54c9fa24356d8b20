import { assertEquals } from "@std/assert";
import { hashValue, withinCalendar } from "../../lib/tables/fingerprint.ts";

Deno.test("a hash is the first 64 bits of SHA-256, also of a view; nothing has none", async () => {
  // As `printf abc | sha256sum` says.
  const bytes = (text: string) => new TextEncoder().encode(text);
  assertEquals(await hashValue(bytes("abc")), "ba7816bf8f01cfea");
  assertEquals(await hashValue(bytes("-abc-").subarray(1, 4)), "ba7816bf8f01cfea");
  assertEquals(await hashValue(bytes("")), "e3b0c44298fc1c14");
  assertEquals(await hashValue(null), null);
});

Deno.test("times within the calendar stay, those beyond land on its ends, fractions and no numbers towards 1970", () => {
  const first = Date.parse("0001-01-01T00:00:00Z"), last = Date.parse("9999-12-31T23:59:59Z");
  const cases: readonly (readonly [given: number, landed: number])[] = [
    [0, 0],
    [-1, -1],
    [1.9, 1],
    [-1.9, -1],
    [NaN, 0],
    [first, first],
    [first + 1, first + 1],
    [first - 1, first],
    [-Infinity, first],
    [last, last],
    [last - 1, last - 1],
    [last + 1, last],
    [2 ** 62, last],
  ];
  for (const [given, landed] of cases) assertEquals([given, withinCalendar(given)], [given, landed]);
});
