/** The template through which all goes that the page shows. */
import { assertEquals, assertThrows } from "@std/assert";
import { type Content, markup } from "../../lib/charts/markup.ts";

Deno.test("what is put into a template is text, whatever it looks like", () => {
  const cases: readonly [Content, string][] = [
    [`</td><script>"'&`, "&lt;/td&gt;&lt;script&gt;&quot;&#39;&amp;"],
    ["&amp;", "&amp;amp;"],
    ["\u001b[31m\u202e\u0000", "\\u001b[31m\\u202e\\u0000"],
    ["Hämeenlinna 😀", "Hämeenlinna 😀"],
    [3, "3"],
    [null, ""],
    ["", ""],
    [["<", [markup`<br>`, null, ">"]], "&lt;<br>&gt;"],
    [markup`<b title="${`"`}">${"<i>"}</b>`, `<b title="&quot;">&lt;i&gt;</b>`],
    [[`a="`, "b"], "a=&quot;b"],
  ];
  for (const [value, text] of cases) assertEquals(markup`<p>${value}</p>`.toString(), `<p>${text}</p>`);
});

Deno.test("an attribute without quotes is refused, since a blank in its value would begin the next one", () => {
  assertThrows(() => markup`<p title=${"a onclick"}>`, TypeError, "found no quotes");
  assertEquals(markup`${"a="}${"b"}`.toString(), "a=b");
});

Deno.test("what looks like markup and no template has made is text", () => {
  const forged = JSON.parse(`{"text": "<script>"}`);
  assertThrows(() => markup`${forged}`);
});
