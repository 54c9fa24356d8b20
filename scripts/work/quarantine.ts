/** What `deno task quarantine` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../lib/cli/run_command.ts";
import type { QUARANTINE_OPTIONS } from "../../lib/quarantine/quarantine_options.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import { jitteredBackoff, LocalStore } from "../../lib/delta/mod.ts";
import { runQuarantineVerb } from "../../lib/quarantine/run_verb.ts";
import { openWriter } from "../host/run_script.ts";
import { policyIn } from "../host/policy_file.ts";
import { releaseMemory } from "../host/release_memory.ts";

/** Resolves to the exit code. */
export async function runQuarantine(
  { config, flags, positionals, print, signal, completeCommands }: Call<typeof QUARANTINE_OPTIONS>,
): Promise<number> {
  await runQuarantineVerb({
    positionals,
    flags,
    print,
    completeCommands,
    writeBytes: openWriter(Deno.stdout),
    options: {
      storeOf: (path) => new LocalStore(`${config.dataDir}/${path}`),
      clock: Date.now,
      ids: () => crypto.randomUUID(),
      backoff: jitteredBackoff({ random: Math.random }),
    },
    surroundings: { monotonic: () => performance.now(), signal, releaseMemory },
    policyFile: policyIn(config.dataDir),
    confirm: Deno.stdin.isTerminal() ? confirm : undefined,
    width: Deno.stdout.isTerminal() ? Deno.consoleSize().columns : undefined,
  });
  return EXIT_CODES.done.code;
}
