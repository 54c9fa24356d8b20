/** `deno task charts`: the trains of a departure date in six pictures. */
import { CHART_OPTIONS } from "../lib/cli/flags/chart_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "charts",
  summary:
    "Draws the trains of a departure date: a stringline, the net as a map, where trains lose time, how late they\n" +
    "are, when, and the last runs of one. Prints what is found, and writes the pictures where --out says.",
  example: "deno task charts\n" +
    "deno task charts --out charts.html\n" +
    "deno task charts --line HKI-TPE --hours 6-12 --train IC27 --out charts.html",
  settings: ["tables"],
  options: CHART_OPTIONS,
  run: async (call) => (await import("./work/answers/charts.ts")).showCharts(call),
});
