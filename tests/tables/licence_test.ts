import { assert, assertEquals } from "@std/assert";
import { LICENCE, LICENCE_LINE } from "../../lib/tables/licence.ts";

Deno.test("the licence fits 80 columns, and is the same in one line", () => {
  assert(LICENCE.split("\n").every((line) => line.length <= 80), LICENCE);
  assertEquals(LICENCE_LINE, LICENCE.split("\n").join(" "));
});
