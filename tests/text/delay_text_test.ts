/** Delays as people read them. */
import { assertEquals } from "@std/assert";
import { delayText, lengthText } from "../../lib/text/delay_text.ts";

Deno.test("a delay is minutes and seconds with its sign, from an hour on with hours; none is nothing", () => {
  const found = [0, -0, 0.4, -0.4, 40, -40, 301, 3599.6, -3661, 90_061, null].map(delayText);
  assertEquals(
    found,
    ["+0:00", "+0:00", "+0:00", "+0:00", "+0:40", "-0:40", "+5:01", "+1:00:00", "-1:01:01", "+25:01:01", ""],
  );
  assertEquals([-40, 3725, null].map(lengthText), ["0:40", "1:02:05", ""]);
});
