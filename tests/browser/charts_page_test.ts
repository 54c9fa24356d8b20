/** The page of pictures in a real browser: whole offline, fit for everybody, for every screen and for paper. */
import { assert, assertEquals } from "@std/assert";
import { chartSvg } from "../../lib/charts/chart.ts";
import { emptyCharts, madeCharts, madePage } from "../charts/made_up_charts.ts";
import { testUnless } from "../interop/test_unless.ts";
import { openChromium, whyNoChromium } from "./chromium.ts";
import { axeFaults, crowdedTexts, openPage } from "./look_at_page.ts";

const MISSING = whyNoChromium();
const PAGES = { full: madePage(), empty: madePage(emptyCharts()) };

for (const colorScheme of ["light", "dark"] as const) {
  testUnless(MISSING, {
    name: `${colorScheme}: the pictures need nothing, say nothing, and axe finds nothing`,
    async fn() {
      await using chromium = await openChromium();
      for (const [name, text] of Object.entries(PAGES)) {
        const page = await chromium.browser.newPage({ colorScheme });
        assertEquals(await openPage(page, text, chromium.folder), [], name);
        assertEquals(await axeFaults(page), [], name);
        await page.close();
      }
    },
  });
}

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
      assertEquals(await crowdedTexts(page), []);
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
