import { assert, assertEquals } from "@std/assert";
import { rowPage } from "../../lib/inspect/row_page.ts";
import { textGrid } from "../../lib/text/text_grid.ts";
import { textWidth } from "../../lib/printable.ts";
import { seededRandom } from "../delta/test_context.ts";

const NONE = { permissions: "none" } as const;
const names = Array.from({ length: 30 }, (_, index) => `column${index}`);
const rows = Array.from({ length: 3 }, (_, row) => names.map((name) => `${name} of row ${row}`));

Deno.test("as many columns as fit are shown, and the others are named", NONE, () => {
  const page = rowPage({ names, rows, total: 26_776, mayBeMore: true }, 60);
  assertEquals(page.split("\n"), [
    "column0           column1           column2",
    "----------------  ----------------  ----------------",
    "column0 of row 0  column1 of row 0  column2 of row 0",
    "column0 of row 1  column1 of row 1  column2 of row 1",
    "column0 of row 2  column1 of row 2  column2 of row 2",
    "",
    "3 of 26,776 rows, see --limit",
    "27 more columns, see --columns: column3, column4, ...",
  ]);
});

Deno.test("elsewhere than on a terminal all columns are there", NONE, () => {
  const [head = "", ...rest] = rowPage({ names, rows, total: 3, mayBeMore: false }, undefined).split("\n");
  assertEquals([head.split(/ +/).length, rest.at(-1)], [30, "3 rows"]);
});

Deno.test("wide cells are cut before a column is left out", NONE, () => {
  const wide = rowPage({ names: ["a", "b"], rows: [["x".repeat(200), "y"]], total: 1, mayBeMore: false }, 40);
  assertEquals(wide.split("\n")[2], `${"x".repeat(29)}…  y`);
});

Deno.test("what is not known of other rows is not claimed", NONE, () => {
  const last = (total: number | undefined, mayBeMore: boolean, count = 3) =>
    rowPage({ names: ["a"], rows: Array.from({ length: count }, () => ["1"]), total, mayBeMore }, 80).split(
      "\n",
    ).at(-1);
  assertEquals(last(undefined, true), "the first 3 rows, there may be more, see --limit");
  assertEquals(last(undefined, false), "3 rows");
  assertEquals(last(3, true), "3 rows");
  assertEquals(last(1, false, 1), "1 row");
  assertEquals(last(0, false, 0), "0 rows");
});

Deno.test("no line is wider than the terminal, whatever is in the cells", NONE, () => {
  const random = seededRandom(1);
  const letters = ["a", "ä", "\u{1f682}", "漢", "e\u0301", "\n", "\x1b", " "];
  const text = () => Array.from({ length: random() * 40 }, () => letters[Math.floor(random() * 8)]).join("");
  for (let round = 0; round < 200; round++) {
    const columns = 1 + Math.floor(random() * 12);
    const head = Array.from({ length: columns }, (_, index) => `c${index}`);
    const cells = Array.from({ length: 4 }, () => Array.from({ length: columns }, text));
    const width = 20 + Math.floor(random() * 100);
    for (
      const page of [
        rowPage({ names: head, rows: cells, total: undefined, mayBeMore: false }, width),
        textGrid(head, cells, { width: Math.max(width, columns * 8) }),
      ]
    ) {
      for (const line of page.split("\n").slice(0, 6)) {
        assert(textWidth(line) <= Math.max(width, columns * 8), `${width}: ${line}`);
      }
    }
  }
});
