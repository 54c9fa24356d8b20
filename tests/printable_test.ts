/** Numbers as people read them, beside the runtime's own, and text that moves nothing. */
import { assert, assertEquals } from "@std/assert";
import { counted, foldLine, grouped, printable, textWidth } from "../lib/printable.ts";

Deno.test("whole numbers have commas between their thousands, as Intl writes them", () => {
  const intl = new Intl.NumberFormat("en");
  for (const digits of Array.from({ length: 16 }, (_, power) => 10 ** power)) {
    for (const count of [digits - 1, digits, -digits, digits * 7]) {
      if (Number.isSafeInteger(count)) assertEquals(grouped(count), intl.format(count));
    }
  }
  for (const count of [0n, 2n ** 63n - 1n, -(2n ** 63n)]) assertEquals(grouped(count), intl.format(count));
});

Deno.test("nothing that moves a cursor, begins a line, turns the direction or hides stays in printable text", () => {
  const marks = [
    0x1b,
    0x9b,
    0x7f,
    0x0d,
    0x61c,
    0x200b,
    0x200e,
    0x200f,
    0x2028,
    0x202e,
    0x2060,
    0x2066,
    0xfeff,
  ];
  for (const mark of marks) {
    const shown = `\\u${mark.toString(16).padStart(4, "0")}`;
    assertEquals(printable(`a${String.fromCharCode(mark)}b`), `a${shown}b`);
  }
  const text = "Lepp\u00e4vaara \u2192 \ud83d\ude82";
  assertEquals([printable(text), printable("a\tb\nc"), printable("a\nb", { keepLines: true })], [
    text,
    "a b c",
    "a\nb",
  ]);
});

Deno.test("JSON stays JSON with the same content when it is made printable", () => {
  const value = { "\u202ename": ["\u001b[2J", "\u009b", "\u200f\ufeff", "line\nline\t"] };
  assertEquals(JSON.parse(printable(JSON.stringify(value))), value);
});

Deno.test("a count has its noun, of one alone in the singular", () => {
  assertEquals([0, 1, 1n, 1234].map((count) => counted(count, "batch", "batches")), [
    "0 batches",
    "1 batch",
    "1 batch",
    "1,234 batches",
  ]);
});

Deno.test("controls, marks of direction, halves of characters and what is none are spelled out; whole characters stay", () => {
  const spelled = {
    "\u001b[31m": "\\u001b[31m",
    "\u009b": "\\u009b",
    "\u061c\u200e\u200f\u202e\u2069": "\\u061c\\u200e\\u200f\\u202e\\u2069",
    "a\ud800b": "a\\ud800b",
    "\udc00\ud800": "\\udc00\\ud800",
    "\ufffe\uffff\ufdd0\u{1ffff}": "\\ufffe\\uffff\\ufdd0\\ud83f\\udfff",
    "\0": "\\u0000",
    "a\nb": "a b",
    "Jyväskylä 😈 \u05d0": "Jyväskylä 😈 \u05d0",
  };
  assertEquals(Object.keys(spelled).map((text) => printable(text)), Object.values(spelled));
});

Deno.test("a folded line keeps its words and blanks, is as wide as asked at most, and breaks no command", () => {
  const line =
    "run `deno task fetch --full --data-dir x`, then\u001b[1m   look\u001b[0m at 東京 and at HKI again";
  for (let columns = 20; columns < 90; columns++) {
    const lines = foldLine(line, { columns }).split("\n");
    assertEquals(lines.map((part, at) => at === 0 ? part : part.slice(2)).join(" "), line);
    for (const part of lines) assert(textWidth(part) <= columns || part.trim().startsWith("`"), part);
    assertEquals(lines.some((part) => part.split("`").length === 2), false);
  }
});

Deno.test("a line that fits, or a terminal that says it has no width, changes nothing", () => {
  assertEquals(foldLine("a b c", { columns: 5, indent: 4 }), "a b c");
  assertEquals(foldLine("a ".repeat(50), { columns: 0 }), "a ".repeat(50));
});

Deno.test("the mark of a list stays before its first word, also before a command wider than the terminal", () => {
  const command = `\`deno task report --data-dir ${"x".repeat(30)}\``;
  assertEquals(
    foldLine(`- ${command} says why the last run failed`, { columns: 40 }),
    `- ${command}\n  says why the last run failed`,
  );
});
