/** The page of the report in a real browser: it is whole offline, fit for everybody, and fits every screen and paper. */
import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { RULES } from "../../lib/quality/rules.ts";
import type { Report } from "../../lib/report/build_report.ts";
import { renderHtml } from "../../lib/report/render_html.ts";
import { testUnless } from "../interop/test_unless.ts";
import { withHistory } from "../report/made_up_history.ts";
import { makePictures } from "../report/made_up_pictures.ts";
import { makeReport } from "../report/made_up_report.ts";
import { openChromium, whyNoChromium } from "./chromium.ts";

const MISSING = whyNoChromium();
const PASSED = withHistory(makeReport(), 12);
const FAILED: Report = {
  ...withHistory(
    makeReport({
      topic: "a_topic_with_a_name_that_is_longer_than_a_phone_is_wide",
      duplicateRecords: 2,
      schemaDrift: { [`$.${"deep.".repeat(30)}field`]: 1_234_567 },
      anomalies: { ...makeReport().run.anomalies, stop_backwards: 9_876_543 },
    }, { stale: 29, offsets: 123_456_789_012 }),
    19,
  ),
  since: { ingested: 3, unmerged: 2, waiting: 55, isRefused: false },
};
const PICTURES = makePictures(["vr", "an_operator_with_a_name_that_is_longer_than_a_phone_is_wide", ""]);
const PAGES: readonly (readonly [string, Report])[] = [["passed", PASSED], ["failed", FAILED], [
  "first",
  makeReport(),
]];

/** Opens the page from the disk, with everything unfolded, and returns what the browser complained about or asked for. */
async function openPage(page: Page, report: Report, folder: string): Promise<readonly string[]> {
  const path = `${folder}/report.html`;
  await Deno.writeTextFile(path, renderHtml(report, { rules: RULES, pictures: PICTURES }));
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => complaints.push(`request: ${request.url()}`));
  await page.goto(`file://${path}`);
  await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
  return complaints.filter((complaint) => complaint !== `request: file://${path}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  testUnless(MISSING, {
    name: `${colorScheme}: the page needs nothing, says nothing, and axe finds nothing`,
    async fn() {
      await using chromium = await openChromium();
      for (const [name, report] of PAGES) {
        const page = await chromium.browser.newPage({ colorScheme });
        assertEquals(await openPage(page, report, chromium.folder), [], name);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate("axe.run()") as axe.AxeResults;
        assertEquals(
          violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]),
          [],
          name,
        );
        const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        assertEquals(background === "rgb(255, 255, 255)", colorScheme === "light");
        await page.close();
      }
    },
  });
}

testUnless(MISSING, {
  name: "on a phone nothing is wider than the screen, and pictures have a form of their own",
  async fn() {
    await using chromium = await openChromium();
    for (const [name, report] of PAGES) {
      const page = await chromium.browser.newPage({ viewport: { width: 360, height: 740 } });
      await openPage(page, report, chromium.folder);
      assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 360, name);
      const shown = await page.evaluate(
        "[...document.querySelectorAll('.chart')].filter((c) => c.checkVisibility()).length",
      );
      // Hours, latencies and batches have one each, the scores from the second run on.
      assertEquals(shown, report.history.length === 0 ? 3 : 4);
      // The newest run stands on the right, where nobody scrolls to.
      const newest = await page.evaluate(
        "Math.max(0, ...[...document.querySelectorAll('.heat thead th:last-child')].map((e) => e.getBoundingClientRect().right))",
      );
      assert(Number(newest) <= 360, `${name}: the newest run ends at ${newest}`);
      await page.close();
    }
  },
});

testUnless(MISSING, {
  name: "everything can be reached with the keyboard, in the order of the page",
  async fn() {
    await using chromium = await openChromium();
    const page = await chromium.browser.newPage();
    await openPage(page, PASSED, chromium.folder);
    const reached: string[] = [];
    const steps = Number(
      await page.evaluate("document.querySelectorAll('a, summary, [tabindex]').length"),
    );
    for (let step = 0; step < steps; step++) {
      await page.keyboard.press("Tab");
      reached.push(String(await page.evaluate("document.activeElement.outerHTML")));
    }
    assertEquals(new Set(reached).size, steps);
    assert(reached[0]?.includes("Skip to the report"));
    assert(reached.at(-1)?.includes("creativecommons.org"));
  },
});

testUnless(MISSING, {
  name: "on paper the rules say what they are for though nobody has opened them",
  async fn() {
    await using chromium = await openChromium();
    const page = await chromium.browser.newPage();
    await openPage(page, FAILED, chromium.folder);
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = false; })");
    await page.emulateMedia({ media: "print" });
    const why = page.getByText("a stop that counts twice falsifies every sum");
    assert(await why.isVisible());
    assert(!await page.getByRole("navigation").isVisible());
    const pdf = await page.pdf({ format: "A4" });
    assertEquals(pdf.subarray(0, 5).toString(), "%PDF-");
    assert(pdf.length > 10_000);
  },
});
