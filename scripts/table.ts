/** `deno task table`: shows and maintains any Delta table. */
import { TABLE_OPTIONS } from "../lib/inspect/table_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "table",
  summary: "Shows and maintains a Delta table anywhere on the disk.\n" +
    "show, history, files, cat and diff only read; optimize, vacuum, checkpoint and restore write the table.",
  example: "deno task table show data_files/standard_zone/trains_travel\n" +
    "deno task table cat data_files/standard_zone/trains_travel \\\n" +
    "  --where \"type = 'ARRIVAL'\" --format ndjson",
  positionals: {
    value: "verb path [version version]",
    summary:
      "show, history, files, cat, diff, optimize, vacuum, checkpoint or restore; the table's folder; for diff " +
      "the two versions",
    least: 2,
    most: 4,
  },
  options: TABLE_OPTIONS,
  run: async (call) => (await import("./work/table.ts")).runTable(call),
});
