/** What `deno task backfill --dry-run` does; a module of its own, so that `--help` need not load it. */
import type { BACKFILL_OPTIONS } from "../../lib/cli/flags/backfill_options.ts";
import type { Call } from "../../lib/cli/run_command.ts";
import { backfillStatePath } from "../../lib/pipeline/backfill/backfill_state.ts";
import { checkRange } from "../../lib/pipeline/backfill/check_range.ts";
import { describePlan } from "../../lib/pipeline/backfill/describe_backfill.ts";
import { datesOf } from "../../lib/pipeline/backfill/plan_backfill.ts";
import { previewBackfill } from "../../lib/pipeline/backfill/preview_backfill.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";

/** Resolves to the exit code. */
export async function showPlan(
  { config, flags, signal, print, forPeople }: Call<typeof BACKFILL_OPTIONS>,
): Promise<number> {
  const nowMs = Date.now();
  checkRange(flags, { archives: flags.archives, nowMs });
  await using broker = await openConfiguredBroker(config, { signal, isReadOnly: true });
  const { url } = config.digitraffic;
  const statePath = backfillStatePath(config.dataDir);
  const plan = await previewBackfill({ ...flags, url, broker, topic: config.topic, statePath, nowMs });
  const { days, before, errands } = plan;
  const counts = { days, before, missing: errands.flatMap(datesOf), requests: errands.length };
  print(flags.json ? JSON.stringify(counts) : forPeople(describePlan(plan)));
  return 0;
}
