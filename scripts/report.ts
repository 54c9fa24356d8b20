/** `deno task report`: shows what the newest run of process found. */
import { REPORT_OPTIONS } from "../lib/cli/flags/script_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "report",
  summary: "Shows what the newest run of process found. Reads the tables, writes nothing but --out.",
  example: "deno task report --json | jq .passed\ndeno task report --format junit --out quality.xml",
  settings: ["broker", "tables"],
  options: REPORT_OPTIONS,
  run: async (call) => (await import("./work/report.ts")).showReport(call),
});
