import { assertEquals, assertMatch } from "@std/assert";
import { describeLead } from "../../lib/simulator/describe_lead.ts";

Deno.test("a clock that does not get ahead within a day is not spoken of; one that does says when", () => {
  for (
    const clock of [{ aheadMs: 0, speed: 1 }, { aheadMs: -5000, speed: 1 }, { aheadMs: 0, speed: 0 }, {
      aheadMs: -1e12,
      speed: 60,
    }]
  ) {
    assertEquals(describeLead(clock), null);
  }
  assertMatch(describeLead({ aheadMs: 1, speed: 0 }) ?? "", /this computer's now:/);
  assertMatch(describeLead({ aheadMs: 0, speed: 60 }) ?? "", /this computer's now:/);
  assertMatch(describeLead({ aheadMs: -59_000, speed: 60 }) ?? "", /this computer's in 1 s:/);
  assertMatch(describeLead({ aheadMs: -3_600_000, speed: 2 }) ?? "", /this computer's in 3600 s:/);
});
