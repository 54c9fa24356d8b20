/** `--fail-on`: all qualities and all limits. */
import { assertEquals } from "@std/assert";
import { FAIL_ON, reportExitCode } from "../../lib/cli/fail_on.ts";

Deno.test("a report ends with 3 from the quality on that is asked for, and never does so unasked", () => {
  const codes = (quality: Parameters<typeof reportExitCode>[0]) =>
    Object.fromEntries(FAIL_ON.map((failOn) => [failOn, reportExitCode(quality, failOn)]));
  assertEquals(codes({ passed: true, warned: false }), { error: 0, warn: 0, never: 0 });
  assertEquals(codes({ passed: true, warned: true }), { error: 0, warn: 3, never: 0 });
  assertEquals(codes({ passed: false, warned: false }), { error: 3, warn: 3, never: 0 });
  assertEquals(codes({ passed: false, warned: true }), { error: 3, warn: 3, never: 0 });
});
