import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FetchError } from "../../../lib/digitraffic/fetch_error.ts";
import { type ArrivingDay, fetchArchive, fetchDay } from "../../../lib/digitraffic/history/fetch_days.ts";
import { type MadeMember, makeZip } from "../archives/make_zip.ts";
import { createTestApi } from "../test_api.ts";

const BASE = "http://api.test/api/v1";
const NEVER = new AbortController().signal;
const utf8 = new TextDecoder();

/** An API that gives these bodies, one for each request. */
function apiOf(...bodies: readonly (string | Uint8Array)[]) {
  const asked: string[] = [];
  const { api } = createTestApi({
    url: BASE,
    fetch: ({ url }) => {
      const body = bodies[Math.min(asked.length, bodies.length - 1)];
      asked.push(url);
      return Promise.resolve(new Response(typeof body === "string" ? body : body?.slice()));
    },
  });
  return { api, asked };
}

async function textsOf({ trains }: ArrivingDay): Promise<readonly string[]> {
  return (await Array.fromAsync(trains)).flat().map(({ bytes }) => utf8.decode(bytes));
}

async function readDay(...bodies: readonly string[]) {
  const { api, asked } = apiOf(...bodies);
  return { texts: await fetchDay(api, { date: "2024-01-31", signal: NEVER }, textsOf), asked };
}

function archiveOf(days: Readonly<Record<string, string>>, more: Partial<MadeMember> = {}): Uint8Array {
  return makeZip(
    Object.entries(days).map(([day, text]) => ({
      name: `2024-01-${day}_trains.json`,
      content: new TextEncoder().encode(text),
      ...more,
    })),
  );
}

async function readMonth(...bodies: readonly (string | Uint8Array)[]) {
  const { api, asked } = apiOf(...bodies);
  const days: [string, readonly string[]][] = [];
  await fetchArchive(api, { month: "2024-01", signal: NEVER }, async (arriving) => {
    days.length = 0;
    for await (const day of arriving) {
      if (day.date !== "2024-01-02") days.push([day.date, await textsOf(day)]);
    }
  });
  return { days, asked };
}

Deno.test("a day's trains come byte for byte, from the address of the day", async () => {
  const { texts, asked } = await readDay('[{"trainNumber":1.0, "x":"]"} , {"trainNumber":2}]');
  assertEquals(texts, ['{"trainNumber":1.0, "x":"]"}', '{"trainNumber":2}']);
  assertEquals(asked, [`${BASE}/trains/2024-01-31?include_deleted=true`]);
  assertEquals((await readDay("[]")).texts, []);
});

Deno.test("an answer that ends within the array is asked for again", async () => {
  const { texts, asked } = await readDay(
    '[{"trainNumber":1},{"trai',
    '[{"trainNumber":1}',
    '[{"trainNumber":1}]',
  );
  assertEquals([texts.length, asked.length], [1, 3]);
});

for (
  const [name, body, message] of [
    ["HTML", "<html><p>Down</html>", '"<html><p>Down</html>", expected an array of trains'],
    [
      "an error object",
      '{"code":"TRAIN_NOT_FOUND","errorMessage":"none"}',
      "error TRAIN_NOT_FOUND: none, expected",
    ],
    ["nothing", "", "an empty body, expected an array of trains"],
    ["an array that breaks", '[{"a":1}}]', 'byte 8: found "}"'],
    ["more than an array", "[1]]", "byte 3: found"],
  ] as const
) {
  Deno.test(`${name} instead of trains is refused at once, in words`, async () => {
    const { api, asked } = apiOf(body);
    const error = await assertRejects(
      () => fetchDay(api, { date: "2024-01-31", signal: NEVER }, textsOf),
      FetchError,
    );
    assertStringIncludes(error.message, `Cannot fetch "${BASE}/trains/2024-01-31": `);
    assertStringIncludes(error.message, message);
    assertEquals(asked.length, 1);
  });
}

Deno.test("an archive gives its days in its order; some may be passed over", async () => {
  const archive = archiveOf({ "03": "[3]", "02": "[2]", "01": "[1,1]" }, { sizes: "after" });
  const { days, asked } = await readMonth(archive);
  assertEquals(days, [["2024-01-03", ["3"]], ["2024-01-01", ["1", "1"]]]);
  assertEquals(asked, [`${BASE}/trains/dumps/digitraffic-rata-trains-2024-01-01.zip`]);
});

for (
  const [name, body, message] of [
    [
      "a page",
      "<html>",
      'Cannot use "http://api.test/api/v1/trains/dumps/digitraffic-rata-trains-2024-01-01.zip": found',
    ],
    ["a lie", archiveOf({ "01": "[1]" }, { lies: { crc: 1 } }), "checksum, expected 1 as it says"],
    [
      "a day that is no array",
      archiveOf({ "01": "{}" }),
      'of 2024-01-01": "{}", expected an array of trains',
    ],
    ["a day that is cut off", archiveOf({ "01": "[1" }), 'of 2024-01-01": byte 2: found the end of the text'],
    [
      "another file",
      makeZip([{ name: "../x", content: new Uint8Array(1) }]),
      'found member "../x", expected days',
    ],
  ] as const
) {
  Deno.test(`${name} instead of an archive is refused and not fetched again`, async () => {
    const { api, asked } = apiOf(body);
    const error = await assertRejects(
      () =>
        fetchArchive(api, { month: "2024-01", signal: NEVER }, async (days) => {
          for await (const day of days) await textsOf(day);
        }),
      FetchError,
    );
    assertStringIncludes(error.message, message);
    assertEquals(asked.length, 1);
  });
}
