/** `deno task quarantine`: shows the messages that were rejected, and takes them back after the rules have changed. */
import { QUARANTINE_OPTIONS } from "../lib/quarantine/quarantine_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "quarantine",
  summary: "Shows the messages that process has rejected: which, why, and what they say.\n" +
    "list and show only read; replay validates them again and merges what is accepted now.",
  example: "deno task quarantine list --reason wrong_type --since 24h\n" +
    "deno task quarantine show 0:1234\n" +
    "deno task quarantine show 0:1234 --raw > message.json\n" +
    "deno task quarantine replay --reason wrong_type --dry-run",
  settings: ["tables"],
  positionals: {
    value: "verb [ID]",
    summary: "list, show or replay; for show the ID that list gives: partition:offset",
    least: 1,
    most: 2,
  },
  options: QUARANTINE_OPTIONS,
  run: async (call) => (await import("./work/quarantine.ts")).runQuarantine(call),
});
