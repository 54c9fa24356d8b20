import { assert, assertEquals } from "@std/assert";
import { dateToDays, timeToMicros } from "../../lib/validate/iso_time.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";

const random = seededRandom(31);
const below = (limit: number) => Math.floor(random() * limit);
const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");

/** The calendar by Temporal, which knows nothing of the code under test. */
function modelDate(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return NaN;
  // Python knows no year 0, so the tables are not to hold it.
  if (text.startsWith("0000")) return NaN;
  try {
    const date = Temporal.PlainDate.from(text, { overflow: "reject" });
    return date.since("1970-01-01", { largestUnit: "days" }).days;
  } catch {
    return NaN;
  }
}

Deno.test("every day of 2,000 years and the days beside it are what Temporal says", () => {
  for (let i = 0; i < 20_000; i++) {
    const text = `${pad(below(2500), 4)}-${pad(below(14))}-${pad(below(33))}`;
    assertEquals([text, dateToDays(text)], [text, modelDate(text)]);
  }
});

Deno.test("the ends of months of leap and other years are exact", () => {
  for (const year of [0, 4, 100, 400, 1600, 1700, 1900, 1970, 2000, 2023, 2024, 2100, 9999]) {
    for (let month = 0; month <= 13; month++) {
      for (const day of [0, 1, 28, 29, 30, 31, 32]) {
        const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
        assertEquals([text, dateToDays(text)], [text, modelDate(text)]);
      }
    }
  }
});

Deno.test("times in the API's spelling are exact to the millisecond", () => {
  for (let i = 0; i < 20_000; i++) {
    const ms = Math.floor((random() - 0.3) * 2e13);
    const year = new Date(ms).getUTCFullYear();
    if (year < 1685 || year > 2254) continue;
    const text = new Date(ms).toISOString();
    assertEquals([text, timeToMicros(text)], [text, ms * 1000]);
  }
});

Deno.test("a date or a time with one other character is one no more, unless it is another one", () => {
  const whole = "2025-02-16T17:29:38.000Z";
  for (let place = 0; place < whole.length; place++) {
    for (const character of "x/:;-T tZ.09") {
      const text = whole.slice(0, place) + character + whole.slice(place + 1);
      const date = text.slice(0, 10);
      if (place < 10) assertEquals([date, dateToDays(date)], [date, modelDate(date)]);
      const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text) &&
        !Number.isNaN(modelDate(date));
      const ms = isTime ? Date.parse(text) : NaN;
      const isExact = Number.isSafeInteger(ms * 1000);
      assertEquals([text, timeToMicros(text)], [text, isExact ? ms * 1000 : NaN]);
    }
  }
});

Deno.test("times with offsets, without seconds and with up to nine decimals are what Temporal says", () => {
  for (let i = 0; i < 10_000; i++) {
    const day = `${1700 + below(500)}-${pad(1 + below(12))}-${pad(1 + below(28))}`;
    const clock = `${pad(below(24))}:${pad(below(60))}`;
    const seconds = i % 3 === 0 ? "" : `:${pad(below(60))}`;
    const decimals = 1 + below(9);
    const fraction = seconds === "" || i % 2 === 0 ? "" : `.${pad(below(10 ** decimals), decimals)}`;
    const zone =
      ["Z", `+${pad(below(24))}:${pad(below(60))}`, `-${pad(below(24))}${pad(below(60))}`][i % 3] ?? "Z";
    const text = `${day}T${clock}${seconds}${fraction}${zone}`;
    const nanos = Temporal.Instant.from(text).epochNanoseconds;
    const cut = Number((nanos - ((nanos % 1000n) + 1000n) % 1000n) / 1000n);
    assertEquals([text, timeToMicros(text)], [text, cut]);
  }
});

const NO_TIMES = [
  "",
  "2025-02-17",
  "2025-02-17T05:00:00",
  "2025-02-17T05:00:00.000",
  "2025-02-17 05:00:00Z",
  "2025-02-17t05:00:00z",
  "2025-02-17T05:00:00.Z",
  "2025-02-17T05:00:00.0000000000Z",
  "2025-02-17T05Z",
  "2025-02-17T24:00:00Z",
  "2025-02-17T23:60:00Z",
  "2025-02-17T23:59:60Z",
  "2025-02-17T23:59:60.000Z",
  "2025-02-29T05:00:00.000Z",
  "2025-13-01T05:00:00.000Z",
  "2025-00-01T05:00:00.000Z",
  "2025-2-17T05:00:00Z",
  "20250217T050000Z",
  "+002025-02-17T05:00:00Z",
  "-002025-02-17T05:00:00Z",
  "2025-02-17T05:00:00+24:00",
  "2025-02-17T05:00:00+02:60",
  "2025-02-17T05:00:00+2:00",
  "2025-02-17T05:00:00+02",
  "2025-02-17T05:00:00 +02:00",
  "2025-02-17T05:00:00ZZ",
  "2025-02-17T05:00:00Z\n",
  " 2025-02-17T05:00:00Z",
  "2025-02-17T05:00:00,000Z",
  "2025/02/17T05:00:00.000Z",
  "2025-02-17T05.00.00.000Z",
  "2025-02-17T05:00:0o.000Z",
  "2025-02-17T05:00:00.0 0Z",
  "２０２５-02-17T05:00:00.000Z",
  "1683-12-31T23:59:59.000Z",
  "2256-01-01T00:00:00Z",
  "1739768400",
  "NaN",
  "2025-W08-1T05:00:00Z",
];

Deno.test("what is no time with zone is NaN, whatever Date.parse makes of it", () => {
  for (const text of NO_TIMES) assert(Number.isNaN(timeToMicros(text)), text);
  for (
    const text of [
      "",
      "2025-2-17",
      "2025/02/17",
      "2025-02-17T",
      "20250217",
      "2025-02-1 ",
      " 2025-02-1",
      "+025-02-17",
    ]
  ) {
    assert(Number.isNaN(dateToDays(text)), text);
  }
});

Deno.test("one wrong character anywhere makes a time NaN or another time, and never something between", () => {
  const valid = "2025-02-17T05:06:07.089Z";
  for (let at = 0; at < valid.length; at++) {
    for (const wrong of ["/", ":", "-", " ", "a", "٣", "\u0000", "."]) {
      const text = valid.slice(0, at) + wrong + valid.slice(at + 1);
      if (text !== valid) assert(Number.isNaN(timeToMicros(text)), text);
    }
  }
  for (let at = 0; at <= valid.length; at++) {
    for (const more of ["/", ":", "-", "Z", "+", "a", "."]) {
      const text = valid.slice(0, at) + more + valid.slice(at);
      assert(Number.isNaN(timeToMicros(text)), text);
      assert(Number.isNaN(dateToDays(text.slice(0, 11))), text);
    }
  }
});

Deno.test("the first and the last microsecond that a number holds exactly are the limits", () => {
  assertEquals(timeToMicros("2255-06-05T23:47:34.740991Z"), Number.MAX_SAFE_INTEGER);
  assert(Number.isNaN(timeToMicros("2255-06-05T23:47:34.740992Z")));
  assertEquals(timeToMicros("1684-07-28T00:12:25.259009Z"), Number.MIN_SAFE_INTEGER);
  assert(Number.isNaN(timeToMicros("1684-07-28T00:12:25.259008Z")));
});
