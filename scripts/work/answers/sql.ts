/** What `deno task sql` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../../lib/cli/run_command.ts";
import type { SQL_OPTIONS } from "../../../lib/sql/sql_options.ts";
import { EXIT_CODES } from "../../../lib/cli/exit_code.ts";
import { LocalStore } from "../../../lib/delta/mod.ts";
import { systemFault, UsageError } from "../../../lib/errors.ts";
import { streamTo } from "../../../lib/inspect/output_file.ts";
import { runSql } from "../../../lib/sql/run_sql.ts";

/** Resolves to the exit code. */
export async function askInSql(
  { config: { dataDir }, flags, positionals, signal, unheard }: Call<typeof SQL_OPTIONS>,
): Promise<number> {
  await runSql({
    positionals,
    flags,
    lake: {
      storeOf: (path) => new LocalStore(`${dataDir}/${path}`),
      options: { clock: Date.now, ids: () => crypto.randomUUID() },
      signal,
      unheard,
    },
    out: streamTo(Deno.stdout, { isOurs: false }),
    width: Deno.stdout.isTerminal() ? Deno.consoleSize().columns : undefined,
    readFile,
    readInput: () => Deno.stdin.isTerminal() ? Promise.resolve("") : new Response(Deno.stdin.readable).text(),
  });
  return EXIT_CODES.done.code;
}

async function readFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const isFolder = cause instanceof Error && "code" in cause && cause.code === "EISDIR";
    if (systemFault(cause) === null && !isFolder) throw cause;
    const found = isFolder ? `a folder "${path}"` : `no file "${path}"`;
    throw new UsageError([`Cannot use "--file": found ${found}, expected a file with a question`], { cause });
  }
}
