/** Texts cut to columns of a terminal. */
import { assertEquals } from "@std/assert";
import { textWidth } from "../../lib/printable.ts";
import { cutText } from "../../lib/text/cut_text.ts";

Deno.test("texts are measured and cut as terminals show them", { permissions: "none" }, () => {
  assertEquals(["abc", "äö", "漢字", "\u{1f682}", "e\u0301"].map(textWidth), [3, 2, 4, 2, 1]);
  assertEquals(cutText("\u{1f682}\u{1f682}\u{1f682}", 4), "\u{1f682}…");
  assertEquals(cutText("abcdef", 4), "abc…");
  assertEquals(cutText("abcd", 4), "abcd");
});
