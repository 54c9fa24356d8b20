import { assertEquals } from "@std/assert";
import { FetchError } from "../../../lib/digitraffic/fetch_error.ts";
import { isRefusal } from "../../../lib/pipeline/follow_feed/ask_step.ts";

Deno.test("the question is refused by what the API says of it, not by its troubles nor by an answer that cannot be used", () => {
  const refused = (status?: number, retriable = false) =>
    isRefusal(new FetchError("no", { ...(status === undefined ? {} : { status }), retriable }));
  assertEquals([400, 404, 499].map((status) => refused(status)), [true, true, true]);
  assertEquals([200, 304, 399, 500, 501, 503].map((status) => refused(status)), Array(6).fill(false));
  assertEquals([refused(429, true), refused(408, true), refused()], [false, false, false]);
  assertEquals(isRefusal(new TypeError("no")), false);
});
