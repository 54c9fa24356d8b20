/** `deno task table`: shows and maintains any Delta table. */
import { getLogger } from "@logtape/logtape";
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { LocalStore } from "../lib/delta/mod.ts";
import { streamTo } from "../lib/inspect/output_file.ts";
import { runTableVerb } from "../lib/inspect/run_verb.ts";
import { TABLE_OPTIONS } from "../lib/inspect/table_options.ts";
import { runScript } from "./host.ts";

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
  run: async ({ flags, positionals, print, signal }) => {
    await runTableVerb({
      positionals,
      flags,
      print,
      storeOf: (path) => new LocalStore(path),
      options: { clock: Date.now, ids: () => crypto.randomUUID(), onCheckpointError },
      out: streamTo(Deno.stdout, { isOurs: false }),
      width: Deno.stdout.isTerminal() ? Deno.consoleSize().columns : undefined,
      signal,
    });
    return EXIT_CODES.done.code;
  },
});

function onCheckpointError(error: unknown): void {
  getLogger(["ratalake", "table"]).warn("Cannot write the checkpoint that is due: {error}", { error });
}
