/** Values in messages for people: by kind, and never long. */
import { assertEquals } from "@std/assert";
import { describeValue } from "../../lib/validate/rejection.ts";

Deno.test("a value is shown as JSON writes it, what has parts by its kind", () => {
  const shown = [undefined, null, true, 1.5, "a\n", "", [], [1], {}, { a: 1 }].map(describeValue);
  const expected = ["nothing", "null", "true", "1.5", '"a\\n"', '""', "an array", "an array", "an object"];
  assertEquals(shown, [...expected, "an object"]);
});

Deno.test("60 characters are shown whole, longer ones are cut to 60", () => {
  assertEquals(describeValue("x".repeat(58)), `"${"x".repeat(58)}"`);
  assertEquals(describeValue("x".repeat(59)), `"${"x".repeat(56)}...`);
});
