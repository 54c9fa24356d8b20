/** What `deno task table` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../lib/cli/run_command.ts";
import type { TABLE_OPTIONS } from "../../lib/inspect/table_options.ts";
import { getLogger } from "../../lib/packages/logtape.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import { LocalStore } from "../../lib/delta/mod.ts";
import { streamTo } from "../../lib/inspect/output_file.ts";
import { runTableVerb } from "../../lib/inspect/run_verb.ts";

/** Resolves to the exit code. */
export async function runTable(
  { flags, positionals, print, signal }: Call<typeof TABLE_OPTIONS>,
): Promise<number> {
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
}

function onCheckpointError(error: unknown): void {
  getLogger(["ratalake", "table"]).warn("Cannot write the checkpoint that is due: {error}", { error });
}
