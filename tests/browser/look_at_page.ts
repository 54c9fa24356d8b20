/** How a page of pictures is opened in a browser, and what is looked for on it. */
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Opens the page from the disk, unfolded, and returns what the browser complained about or asked for. */
export async function openPage(page: Page, text: string, folder: string): Promise<readonly string[]> {
  const path = `${folder}/charts.html`;
  await Deno.writeTextFile(path, text);
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("request", (request) => complaints.push(`request: ${request.url()}`));
  await page.goto(`file://${path}`);
  await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
  return complaints.filter((complaint) => complaint !== `request: file://${path}`);
}

/** What axe finds on the page that is open, with the element. */
export async function axeFaults(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate("axe.run()") as axe.AxeResults;
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
}

/** Texts that stick out of their picture, and pairs of them that lie on each other. */
export async function crowdedTexts(page: Page): Promise<unknown> {
  return await page.evaluate(CROWDED);
}

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
