/** `deno task backfill`: publishes the trains of past days. */
import { BACKFILL_OPTIONS } from "../lib/cli/flags/backfill_options.ts";
import { LICENCE } from "../lib/tables/licence.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "backfill",
  summary:
    "Publishes all trains of past days from Digitraffic. Can be stopped at any time: the same command goes on.\n" +
    LICENCE,
  example: "deno task backfill --from 2026-01-01 --to 2026-03-31\n" +
    "deno task backfill --from 2016-01-01 --to 2016-12-31 --archives\n" +
    "deno task backfill --from 2026-01-01 --to 2026-03-31 --dry-run",
  settings: ["digitraffic", "broker", "tables", "state"],
  options: BACKFILL_OPTIONS,
  run: async (call) =>
    call.flags.dryRun
      ? (await import("./work/preview_backfill.ts")).showPlan(call)
      : (await import("./work/backfill.ts")).backfill(call),
});
