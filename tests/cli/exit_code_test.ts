import { assertEquals } from "@std/assert";
import { isSecondInterrupt } from "../../lib/cli/exit_code.ts";

Deno.test("one Ctrl-C that comes from the terminal and from the launcher at once is one; a later one insists", () => {
  assertEquals(isSecondInterrupt(1000, undefined), false);
  assertEquals([1000, 1002, 1500].map((nowMs) => isSecondInterrupt(nowMs, 1000)), [false, false, false]);
  assertEquals(isSecondInterrupt(1501, 1000), true);
});
