import { assertEquals } from "@std/assert";
import { formatDate, formatTime, parseDate, parseTime } from "../../../lib/delta/schema/calendar.ts";

const NONE = { permissions: "none" } as const;
const MAX_INT32 = 2 ** 31 - 1;

const DAYS: readonly (readonly [number, string])[] = [
  [0, "1970-01-01"],
  [-1, "1969-12-31"],
  [20_136, "2025-02-17"],
  [-141_427, "1582-10-15"],
  [-141_428, "1582-10-14"],
  [-719_162, "0001-01-01"],
  [-719_163, "0000-12-31"],
  [-719_529, "-0001-12-31"],
  [2_932_896, "9999-12-31"],
  [2_932_897, "+10000-01-01"],
  [MAX_INT32, "+5881580-07-11"],
];

Deno.test({
  name: "days are dates in one calendar for all years, and dates are days",
  ...NONE,
  fn: () => {
    for (const [days, text] of DAYS) assertEquals([formatDate(days), parseDate(text)], [text, days]);
    for (let days = -800_000; days < 3_000_000; days += 101) assertEquals(parseDate(formatDate(days)), days);
    for (let days = -60_000; days < 60_000; days++) {
      assertEquals(formatDate(days), new Date(days * 86_400_000).toISOString().slice(0, 10));
    }
  },
});

Deno.test({
  name: "days that are not in the calendar are no dates",
  ...NONE,
  fn: () => {
    const texts = [
      "2025-02-29",
      "2025-13-01",
      "2025-00-10",
      "2025-01-00",
      "1900-02-29",
      "25-01-01",
      "2025-1-1",
      "",
    ];
    assertEquals(texts.map(parseDate), texts.map(() => undefined));
  },
});

Deno.test({
  name: "times are read with and without a zone, to the microsecond",
  ...NONE,
  fn: () => {
    const read = (text: string) => parseTime(text);
    assertEquals(read("1970-01-01 00:00:00.000001"), { micros: 1n, hasZone: false });
    assertEquals(read("1970-01-01T02:00:00+02:00"), { micros: 0n, hasZone: true });
    assertEquals(read("1969-12-31T23:59:59.9999999Z"), { micros: -1n, hasZone: true });
    assertEquals(read("1969-12-31 16:00:00 -0800"), { micros: 0n, hasZone: true });
    assertEquals(read("1970-01-02"), { micros: 86_400_000_000n, hasZone: false });
    const none = ["1970-01-01T24:00:00Z", "1970-01-01T00:60:00", "1970-01-01T00:00:00 CET", "now", "12:00"];
    assertEquals(none.map(read), none.map(() => undefined));
  },
});

Deno.test({
  name: "times are written so that they read as they were",
  ...NONE,
  fn: () => {
    assertEquals(formatTime(-1n), "1969-12-31T23:59:59.999999");
    assertEquals(formatTime(253_402_300_800_000_000n), "+10000-01-01T00:00:00.000000");
    for (const micros of [0n, 1n, -86_400_000_001n, 1_739_766_060_123_456n, -(10n ** 17n)]) {
      assertEquals(parseTime(formatTime(micros))?.micros, micros);
    }
  },
});
