/** `deno task status`: shows what waits, what is landed, what the last run found, and what to do next. */
import { STATUS_OPTIONS } from "../lib/cli/flags/status_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "status",
  summary:
    "Shows what waits in the broker, what the tables hold, what the last run found and what to do next.\n" +
    "Looks and changes nothing.",
  example: "deno task status\ndeno task status --json | jq .sums.waiting",
  settings: ["broker", "tables", "state"],
  options: STATUS_OPTIONS,
  run: async (call) => (await import("./work/status.ts")).showStatus(call),
});
