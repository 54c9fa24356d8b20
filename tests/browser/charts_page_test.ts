/** The page of pictures in a real browser: whole offline, fit for everybody, for every screen and for paper. */
import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { chartSvg } from "../../lib/charts/chart.ts";
import { emptyCharts, madeCharts, madePage } from "../charts/made_up_charts.ts";
import { testUnless } from "../interop/test_unless.ts";
import { openChromium, whyNoChromium } from "./chromium.ts";

const MISSING = whyNoChromium();
const PAGES = { full: madePage(), empty: madePage(emptyCharts()) };

/** Opens the page from the disk, unfolded, and returns what the browser complained about or asked for. */
async function openPage(page: Page, text: string, folder: string): Promise<readonly string[]> {
  const path = `${folder}/charts.html`;
  await Deno.writeTextFile(path, text);
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("request", (request) => complaints.push(`request: ${request.url()}`));
  await page.goto(`file://${path}`);
  await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
  return complaints.filter((complaint) => complaint !== `request: file://${path}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  testUnless(MISSING, {
    name: `${colorScheme}: the pictures need nothing, say nothing, and axe finds nothing`,
    async fn() {
      await using chromium = await openChromium();
      for (const [name, text] of Object.entries(PAGES)) {
        const page = await chromium.browser.newPage({ colorScheme });
        assertEquals(await openPage(page, text, chromium.folder), [], name);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate("axe.run()") as axe.AxeResults;
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
        assertEquals(found, [], name);
        await page.close();
      }
    },
  });
}

/** Boxes of texts that stick out of their picture, and pairs of them that lie on each other. */
const CROWDED =
  `[...document.querySelectorAll('svg.pic')].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent !== '')
    .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
  const out = texts.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1);
  const on = texts.flatMap((a, at) => texts.slice(at + 1).filter((b) =>
    Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 2 &&
    Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 5).map((b) => a.text + ' on ' + b.text));
  return [...out.map(({ text }) => text + ' sticks out'), ...on];
})`;

for (const width of [360, 1000]) {
  testUnless(MISSING, {
    name: `${width} pixels wide: each picture has one form, no text lies on another, none sticks out`,
    async fn() {
      await using chromium = await openChromium();
      const page = await chromium.browser.newPage({ viewport: { width, height: 740 } });
      await openPage(page, PAGES.full, chromium.folder);
      assertEquals(await page.evaluate("document.documentElement.scrollWidth"), width);
      const shown = await page.evaluate(
        "[...document.querySelectorAll('svg.pic')].filter((c) => c.checkVisibility()).length",
      );
      assertEquals(shown, Object.keys(madeCharts()).length);
      assertEquals(await page.evaluate(CROWDED), []);
    },
  });
}

testUnless(MISSING, {
  name: "on paper a picture is not torn apart, and a file of one shows by itself what it says",
  async fn() {
    await using chromium = await openChromium();
    const page = await chromium.browser.newPage();
    await openPage(page, PAGES.full, chromium.folder);
    await page.emulateMedia({ media: "print" });
    assert((await page.pdf({ format: "A4" })).length > 10_000);
    for (const [name, chart] of Object.entries(madeCharts())) {
      const path = `${chromium.folder}/${name}.svg`;
      await Deno.writeTextFile(path, chartSvg(chart));
      await page.goto(`file://${path}`);
      const style = await page.evaluate(
        "getComputedStyle(document.querySelector('text.finding')).fontWeight",
      );
      assertEquals([name, style], [name, "700"]);
    }
  },
});
