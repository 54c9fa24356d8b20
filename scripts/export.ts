/** `deno task export`: writes one table at one version as a file for others. */
import { EXPORT_OPTIONS } from "../lib/export/export_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "export",
  summary: "Writes one table, at any version, as Parquet, CSV or GeoJSON, with the licence of the data.",
  example: "deno task export train_runs --format parquet --out train_runs.parquet\n" +
    "deno task export standard_zone/trains_travel --version 3 > trains.csv",
  positionals: {
    value: "table",
    summary:
      "the table: its name, or zone/name where several zones have it; `deno task sql --tables` lists them",
    least: 1,
    most: 1,
  },
  settings: ["tables"],
  options: EXPORT_OPTIONS,
  run: async (call) => (await import("./work/answers/export.ts")).runExport(call),
});
