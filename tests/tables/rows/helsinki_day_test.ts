import { assertEquals } from "@std/assert";
import { helsinkiDay } from "../../../lib/tables/rows/helsinki_day.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

const HOUR = 3_600_000;

/** As the system's calendar has it. */
function dayOf(ms: number): number {
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Helsinki", dateStyle: "short" }).format(
    ms,
  );
  return Date.parse(`${date}T00:00:00Z`) / (24 * HOUR);
}

Deno.test("the date in Finland is the calendar's, around both changes of the clock and at any other moment", () => {
  const random = seededRandom(4);
  const changes = ["2025-03-30", "2025-10-26", "2024-02-29", "1999-12-31"].map((date) => Date.parse(date));
  const near = changes.flatMap((ms) => Array.from({ length: 100 }, (_, i) => ms + (i - 50) * HOUR + 1));
  const any = Array.from(
    { length: 500 },
    () => Math.floor((1980 - 1970 + random() * 120) * 365.25 * 24) * HOUR - 1,
  );
  for (const ms of [...near, ...any]) {
    assertEquals(helsinkiDay(ms * 1000), dayOf(ms), new Date(ms).toISOString());
  }
});

Deno.test("in each year around now the clock changes when the calendar says so", () => {
  const years = Array.from({ length: 50 }, (_, i) => 1990 + i);
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/Helsinki",
    hourCycle: "h23",
    hour: "2-digit",
  });
  for (const year of years) {
    for (const month of [2, 3, 8, 9]) {
      // 21:00 UTC is the one hour whose date tells summer time from winter time.
      for (let day = 1; day <= 31; day++) {
        const ms = Date.UTC(year, month, day, 21);
        const isNextDay = Number(format.format(ms)) === 0;
        assertEquals(helsinkiDay(ms * 1000), Math.floor(ms / (24 * HOUR)) + (isNextDay ? 1 : 0), `${ms}`);
      }
    }
  }
});
