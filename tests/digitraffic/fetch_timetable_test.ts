import { assertEquals, assertRejects } from "@std/assert";
import { configure, reset } from "@logtape/logtape";
import { FetchError } from "../../lib/digitraffic/fetch_error.ts";
import { fetchChangedTrains, fetchTrainsOfDate } from "../../lib/digitraffic/fetch_timetable.ts";
import { noticeDeprecation } from "../../lib/digitraffic/notice_deprecation.ts";
import { createTestApi } from "./test_api.ts";

const URL_BASE = "http://127.0.0.1:1/api/v1";

Deno.test("changes are asked for by version, a date with its deleted trains", async () => {
  const asked: string[] = [];
  const { api } = createTestApi({
    url: URL_BASE,
    fetch: ({ url }) => {
      asked.push(url.slice(URL_BASE.length));
      return Promise.resolve(new Response('[{"trainNumber":1}]'));
    },
  });
  const { elements, source } = await fetchTrainsOfDate(api, { date: "2025-02-17" });
  assertEquals([elements.length, source], [1, `${URL_BASE}/trains/2025-02-17`]);
  await fetchChangedTrains(api, { sinceVersion: 291_000_000_001 });
  assertEquals(asked, ["/trains/2025-02-17?include_deleted=true", "/trains?version=291000000001"]);
});

Deno.test("a refusal says how long the server asks to wait", async () => {
  const { api } = createTestApi({
    url: URL_BASE,
    limits: { attempts: 1 },
    fetch: () =>
      Promise.resolve(new Response("slow down", { status: 429, headers: { "Retry-After": "90" } })),
  });
  const error = await assertRejects(() => fetchTrainsOfDate(api, { date: "2025-02-17" }), FetchError);
  assertEquals([error.status, error.retryAfterMs, error.retriable], [429, 90_000, true]);
});

Deno.test("the end of an endpoint is said once per value, however often it is announced", async () => {
  const said: string[] = [];
  await configure({
    sinks: { list: ({ properties: { endpoint, name, value } }) => said.push(`${endpoint} ${name} ${value}`) },
    loggers: [
      { category: "ratalake", sinks: ["list"] },
      { category: ["logtape", "meta"], sinks: [] },
    ],
    reset: true,
  });
  try {
    let sunset = "Sat, 01 May 2027 00:00:00 GMT";
    const { api } = createTestApi({
      url: URL_BASE,
      onAnswer: noticeDeprecation(),
      fetch: () => Promise.resolve(new Response("[]", { headers: { Deprecation: "@1", Sunset: sunset } })),
    });
    for (const date of ["2025-02-17", "2025-02-18"]) await fetchTrainsOfDate(api, { date });
    sunset = "Sun, 01 Aug 2027 00:00:00 GMT";
    await fetchTrainsOfDate(api, { date: "2025-02-17" });
    const endpoint = `${URL_BASE}/trains/{date}`;
    assertEquals(said, [
      `${endpoint} Deprecation @1`,
      `${endpoint} Sunset Sat, 01 May 2027 00:00:00 GMT`,
      `${endpoint} Sunset Sun, 01 Aug 2027 00:00:00 GMT`,
    ]);
  } finally {
    await reset();
  }
});
