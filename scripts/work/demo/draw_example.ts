/** The pictures of data_files/example: the page with all of them, and one as a file of its own, which README shows. */
import { chartSvg } from "../../../lib/charts/chart.ts";
import { trafficPage } from "../../../lib/charts/traffic_page.ts";
import { LocalStore } from "../../../lib/delta/mod.ts";
import { readCharts } from "../../../lib/pipeline/pictures/read_charts.ts";

/** Of the morning on which the demo takes place. */
const README_HOURS = { from: 5, to: 8 };

/** Reads the tables of one folder and writes into another. */
export async function drawExample(lake: string, folder: string): Promise<void> {
  const storeOf = (path: string) => new LocalStore(`${lake}/${path}`);
  const source = { storeOf, context: { clock: () => 0, ids: () => "unused" } };
  await Deno.writeTextFile(`${folder}/charts.html`, trafficPage(await readCharts(source, {})));
  const { line } = await readCharts(source, { hours: README_HOURS });
  await Deno.writeTextFile(`${folder}/line.svg`, chartSvg(line));
}
