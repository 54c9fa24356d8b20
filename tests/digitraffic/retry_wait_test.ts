import { assert, assertEquals, assertFalse } from "@std/assert";
import { isTransientStatus, retryWaitMs } from "../../lib/digitraffic/retry_wait.ts";

const NOW_MS = Date.parse("2025-02-17T04:21:00Z");

Deno.test({
  name: "waits double with each attempt up to half a minute, with jitter over all of it",
  permissions: "none",
  fn: () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 20].map((attempt) =>
      retryWaitMs({ attempt }, { nowMs: NOW_MS, random: 0.999 })
    );
    assertEquals(waits, [999, 1_998, 3_996, 7_992, 15_984, 29_970, 29_970, 29_970]);
    assertEquals(retryWaitMs({ attempt: 5 }, { nowMs: NOW_MS, random: 0 }), 0);
  },
});

Deno.test({
  name: "Retry-After counts as seconds or as a date, and anything else as absent",
  permissions: "none",
  fn: () => {
    const wait = (retryAfter: string, status = 503) =>
      retryWaitMs({ attempt: 1, status, retryAfter }, { nowMs: NOW_MS, random: 0 });
    assertEquals(wait("0"), 0);
    assertEquals(wait(" 120 "), 120_000);
    assertEquals(wait("Mon, 17 Feb 2025 04:22:30 GMT"), 90_000);
    assertEquals(wait("Mon, 17 Feb 2025 04:00:00 GMT"), 0);
    for (const odd of ["", "-5", "1.5", "soon", "2025-02-17", "Mon, 99 Feb 2025 04:00:00 GMT"]) {
      assertEquals(wait(odd), 0, odd);
      assertEquals(wait(odd, 429), 60_000, odd);
    }
    assertEquals(wait("2", 429), 2_000);
  },
});

Deno.test({
  name: "only 408, 429 and the server's own faults may pass by themselves",
  permissions: "none",
  fn: () => {
    for (const status of [408, 429, 500, 502, 503, 504, 599]) assert(isTransientStatus(status));
    for (const status of [400, 401, 403, 404, 406, 410, 422, 301, 200]) {
      assertFalse(isTransientStatus(status));
    }
  },
});
