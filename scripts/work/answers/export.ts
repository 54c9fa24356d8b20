/** What `deno task export` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../../lib/cli/run_command.ts";
import type { EXPORT_OPTIONS } from "../../../lib/export/export_options.ts";
import { EXIT_CODES } from "../../../lib/cli/exit_code.ts";
import { LocalStore } from "../../../lib/delta/mod.ts";
import { systemFault } from "../../../lib/errors.ts";
import { exportTable } from "../../../lib/export/export_table.ts";
import { streamTo } from "../../../lib/inspect/output_file.ts";
import { getLogger } from "../../../lib/packages/logtape.ts";

/** Resolves to the exit code. */
export async function runExport(
  { config: { dataDir }, flags, positionals: [name = ""], signal }: Call<typeof EXPORT_OPTIONS>,
): Promise<number> {
  await exportTable({
    name,
    flags,
    storeOf: (path) => new LocalStore(`${dataDir}/${path}`),
    options: { clock: Date.now, ids: () => crypto.randomUUID() },
    signal,
    out: streamTo(Deno.stdout, { isOurs: false }),
    isTerminal: Deno.stdout.isTerminal(),
    isThere,
    note: (line) => getLogger(["ratalake", "export"]).info("{line}", { line }),
  });
  return EXIT_CODES.done.code;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (systemFault(error) === "not found") return false;
    throw error;
  }
}
