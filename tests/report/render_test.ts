import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { renderJson } from "../../lib/report/render_json.ts";
import { TextPage } from "../../lib/report/text_page.ts";
import { renderText } from "../../lib/report/render_text.ts";
import { LICENCE_LINE } from "../../lib/tables/licence.ts";
import type { SinceRun } from "../../lib/report/build_report.ts";
import { makeReport } from "./made_up_report.ts";

const GOLDEN = new URL("testdata/report.txt", import.meta.url);

/** Lines without the blanks that fill columns at their ends. */
function trimLines(text: string): string {
  return text.split("\n").map((line) => line.trimEnd()).join("\n");
}

Deno.test({
  name: "the page is what it was, and without colour it is text and nothing else",
  permissions: { read: [GOLDEN] },
  async fn() {
    const text = renderText(makeReport(), { colour: false });
    assertEquals(trimLines(text), (await Deno.readTextFile(GOLDEN)).trimEnd());
    assert(!text.includes("\u001b"));
  },
});

Deno.test("colour changes the looks and not a word", () => {
  for (const report of [makeReport(), makeReport({ lag: 0 }, { landed: 1 })]) {
    const coloured = renderText(report, { colour: true });
    // deno-fmt-ignore
    const plain = coloured.replaceAll(new RegExp("\u001b\\[[0-9;]*m", "g"), "");
    assert(coloured.length > plain.length);
    assertEquals(
      trimLines(plain).replace(/ +/g, " "),
      trimLines(renderText(report, { colour: false })).replace(/ +/g, " "),
    );
  }
});

Deno.test("a sum that does not add up fails the report, at its equation and in the last line", () => {
  const text = renderText(makeReport({}, { stale: 29 }), { colour: false });
  assertMatch(text, /\nFAILED: \d+ of \d+ error rules hold, the sums do not add up[^\n]*$/);
  assertMatch(
    text,
    /FAILED: landed = accepted \+ duplicate \+ stale \+ quarantined,\s+found\s+1,234\s+and\s+1,233/,
  );
});

Deno.test("the JSON is one object with the verdict, the account and the rules", () => {
  const json = renderJson(makeReport({ duplicateRecords: 2 }));
  assert(!json.includes("\n"));
  const { passed, run, rules, equations, freshnessSeconds, licence } = JSON.parse(json);
  assertEquals([passed, run.account.landed, equations.length, freshnessSeconds], [false, 1234, 5, 2370]);
  assertEquals(rules.find(({ id }: { id: string }) => id === "U1").failures, 2);
  assertEquals(licence, LICENCE_LINE);
});

Deno.test("before the first message the age is not made up", () => {
  const report = makeReport({ newestMessageTime: null });
  assertEquals(report.freshnessSeconds, null);
  assertStringIncludes(renderText(report, { colour: false }), "no message yet");
});

Deno.test("what has happened since the run stands below its verdict, with the way on", () => {
  const page = (since: Partial<SinceRun>) =>
    renderText({
      ...makeReport(),
      since: { ingested: 0, unmerged: 0, waiting: null, isRefused: false, ...since },
    }, {
      colour: false,
    });
  assert(!page({}).includes("since then") && !page({ waiting: 0 }).includes("since then"));
  assertStringIncludes(
    page({ waiting: 639 }).replaceAll("\n  ", " "),
    "since then: 639 offsets waiting; `deno task process` goes on from there",
  );
  assertStringIncludes(
    page({ ingested: 1, unmerged: 2 }).replaceAll("\n  ", " "),
    "since then: 1 offset ingested that no run has measured, 2 offsets landed and not merged;",
  );
  assertStringIncludes(
    page({ unmerged: 1, isRefused: true }).replaceAll("\n  ", " "),
    "since then: 1 offset landed and not merged; `process` refuses the log of now; `deno task status` says why",
  );
});

Deno.test("a sentence is folded at its blanks, a command that it advises never: half of one would run", () => {
  const completeCommands = (text: string) =>
    text.replaceAll("task fetch", "task fetch --data-dir '/tmp/a lake'");
  const page = new TextPage({ colour: false, completeCommands });
  const told = "there is no metadata yet: run `deno task fetch --metadata`, then `deno task process`";
  assertEquals(
    page.fold(told),
    "there is no metadata yet: run\n  `deno task fetch --data-dir '/tmp/a lake' --metadata`, then\n  `deno task process`",
  );
  assertEquals(
    page.fold(`${"word ".repeat(17)}\`half`),
    `${"word ".repeat(16)}\n  word \`half`.replace(" \n", "\n"),
  );
});

Deno.test("of an empty lake the report fails: of nothing every other rule holds", () => {
  const { verdict } = makeReport({}, { standardRows: 0, rowsAdded: 0, rowsRemoved: 0 });
  assertEquals([verdict.passed, verdict.rules.filter(({ failures }) => failures === 1).map(({ id }) => id)], [
    false,
    ["O1", "V1"],
  ]);
});

Deno.test("traffic is shown of kinds that were counted, within 80 columns, and a run without figures says so", () => {
  const sectionOf = (traffic: Readonly<Record<string, number>> | null) =>
    renderText(makeReport({ traffic }), { colour: false }).split("\n\n").find((part) =>
      part.startsWith("Traffic")
    );
  const few = sectionOf({ "freight.delay.-7200": 1, "freight.onTime": 1, "freight.cause.\u001b[31m": 2 });
  assertEquals(
    few,
    `Traffic, of 1 train that has arrived
          arrived   on time    median       p90 cancelled   in part
freight         1    100.0%  -1:30:00  -1:06:00         0         0
causes, freight: \\u001b[31m 2
delays are those at the final station, as minutes:seconds; on time: freight at
  most 30 min late at its final station`,
  );
  assert(sectionOf(makeReport().run.traffic)?.split("\n").every((line) => line.length <= 80));
  assertEquals(
    sectionOf(null),
    "Traffic\nnot counted by this run; the next `deno task process` counts it",
  );
  assertEquals([sectionOf({}), sectionOf({ "freight.cause.E": 1 })], [undefined, undefined]);
});
