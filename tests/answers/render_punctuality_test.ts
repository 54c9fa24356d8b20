/** The page, JSON and CSV of punctuality: what fits a terminal, what names from outside may do, what is said of none. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  renderPunctuality,
  renderPunctualityCsv,
  renderPunctualityJson,
} from "../../lib/answers/punctuality/render_punctuality.ts";
import { textWidth } from "../../lib/printable.ts";
import { punctualityOf, run } from "./counted_trains.ts";

const PAGE = { columns: 80, limit: 0, completeCommands: (text: string) => text };
const HOSTILE = 'x\u001b[31m\n",=cmd|\u202e日本語のとても長い名前 of an operator that has no end whatsoever';

Deno.test("a page names the dates, says the figures and what they mean", async () => {
  const page = renderPunctuality(await punctualityOf([run(1, [0, 42]), run(2, [0, 360])]), PAGE);
  assertStringIncludes(page, "Punctuality of 2 trains, departure date 2025-02-17\n");
  assertStringIncludes(
    page,
    "long-distance    2    50.0%   50.0%   +0:42  +3:21  2:39  +6:00      0     0\n",
  );
  assertStringIncludes(page, "long-distance at most 5 min late at its final station (target 90 %)");
});

Deno.test("no share is shown as 100 % where one was late", async () => {
  const { groups: [group], ...found } = await punctualityOf([run(1, [0, 0]), run(2, [0, 999])]);
  assert(group);
  const late = { ...group, ran: 3000, onTime: 2999, onTimeShare: 2999 / 3000 };
  assertStringIncludes(renderPunctuality({ ...found, groups: [late] }, PAGE), "  99.9%  ");
});

Deno.test("lines fit the terminal whatever names come from outside, and control nothing there", async () => {
  const trains = [run(1, [0, 123_456], { operatorShortCode: HOSTILE }), run(2, [-9999, -99_999])];
  const found = await punctualityOf(trains, { by: "operator" });
  for (const columns of [40, 60, 80, 200]) {
    const lines = renderPunctuality(found, { ...PAGE, columns }).split("\n");
    for (const line of lines) {
      assert(textWidth(line) <= columns || line.startsWith("https:"), `${columns}: ${line}`);
    }
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(lines.join("\n")));
  }
  const csv = renderPunctualityCsv(found).split("\r\n");
  assertEquals([csv.length, csv.every((line) => line.includes(",") && !line.includes("\u001b"))], [3, true]);
  const json = renderPunctualityJson(found);
  assert(!json.includes("\u202e"));
  assertEquals(JSON.parse(json).groups.map(({ key }: { key: string }) => key).includes(HOSTILE), true);
});

Deno.test("CSV has no cell that a spreadsheet takes for a formula, and all other names as they are", async () => {
  const codes = ["=1+1", "+1", "-1", "@a", "vr"];
  const trains = codes.map((operatorShortCode, at) => run(at + 1, [0, 0], { operatorShortCode }));
  const csv = renderPunctualityCsv(await punctualityOf(trains, { by: "operator" }));
  const keys = csv.split("\r\n").slice(1).map((line) => line.split(",")[0]);
  assertEquals(new Set(keys), new Set(["'=1+1", "'+1", "'-1", "'@a", "vr"]));
});

Deno.test("of no trains a sentence says which dates there would be", async () => {
  const found = await punctualityOf([run(1, [0, 0])], { by: "hour", type: "S", from: "2025-02-17" });
  assertStringIncludes(
    renderPunctuality(found, PAGE),
    "departs from 2025-02-17; the\n  table has the departure dates 2025-02-17 to 2025-02-17.",
  );
  assertStringIncludes(renderPunctuality({ ...found, knownDates: null }, PAGE), "`deno task process`");
});

Deno.test("where there are more groups than lines, the page says how many, and how to see them", async () => {
  const trains = ["a", "b", "c"].map((operatorShortCode, at) => run(at + 1, [0, 0], { operatorShortCode }));
  const page = renderPunctuality(await punctualityOf(trains, { by: "operator" }), { ...PAGE, limit: 2 });
  assertStringIncludes(page, "... and 1 other; `--limit 0`");
});
