/** What `deno task analyse` does; a module of its own, so that `--help` need not load it. */
import type { ANALYSE_OPTIONS } from "../../lib/cli/flags/analyse_options.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import type { Call } from "../../lib/cli/run_command.ts";
import { jitteredBackoff, LocalStore } from "../../lib/delta/mod.ts";
import { analyseLake, describeAnalysis } from "../../lib/pipeline/analysis/analyse_lake.ts";
import { counted } from "../../lib/printable.ts";
import { releaseMemory } from "../host/release_memory.ts";

/** Resolves to the exit code. */
export async function analyse(
  { config: { dataDir }, flags, print, forPeople, progress, signal }: Call<typeof ANALYSE_OPTIONS>,
): Promise<number> {
  progress.doing("opening the tables");
  const outcome = await analyseLake({
    storeOf: (path) => new LocalStore(`${dataDir}/${path}`),
    context: {
      clock: Date.now,
      ids: () => crypto.randomUUID(),
      backoff: jitteredBackoff({ random: Math.random }),
    },
    signal,
    releaseMemory,
    isRebuild: flags.rebuild,
    onMessages: (messages) => progress.doing(`looking through ${counted(messages, "message")}`),
    onDates: (total, done) => progress.doing(`${done} of ${total} departure dates`),
  });
  print(flags.json ? JSON.stringify(outcome) : forPeople(describeAnalysis(outcome)));
  return EXIT_CODES.done.code;
}
