/** What `deno task backfill` does; a module of its own, so that `--help` need not load it. */
import type { BACKFILL_OPTIONS } from "../../lib/cli/flags/backfill_options.ts";
import type { Call } from "../../lib/cli/run_command.ts";
import { backfillAlone } from "../../lib/pipeline/backfill/backfill_alone.ts";
import { describeProgress } from "../../lib/pipeline/backfill/backfill_progress.ts";
import { checkRange } from "../../lib/pipeline/backfill/check_range.ts";
import { createRoomCheck } from "../../lib/pipeline/backfill/check_room.ts";
import { describeBackfill } from "../../lib/pipeline/backfill/describe_backfill.ts";
import { freeBytes } from "../host/disk_room.ts";
import { liveApi } from "../host/live_api.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";

/** Resolves to the exit code. */
export async function backfill(
  { config, flags, signal, print, progress, forPeople }: Call<typeof BACKFILL_OPTIONS>,
): Promise<number> {
  checkRange(flags, { archives: flags.archives, nowMs: Date.now() });
  const { dataDir, topic, partitions, brokerFile } = config;
  const summary = await backfillAlone({
    ...flags,
    dataDir,
    publishStatePath: config.stateFile,
    topic,
    partitions,
    signal,
    api: liveApi(config.digitraffic, progress),
    me: { pid: Deno.pid, host: Deno.hostname() },
    openBroker: () => openConfiguredBroker(config, { signal }),
    monotonic: () => performance.now(),
    // The disk of Kafka is not ours to look at.
    ...(config.kafka ? {} : { checkRoom: createRoomCheck(brokerFile, freeBytes) }),
    onProgress: (done) => progress.doing(describeProgress(done)),
    onDay: (done) => progress.stepDone(describeProgress(done)),
  });
  print(flags.json ? JSON.stringify(summary) : forPeople(describeBackfill(summary)));
  return summary.failed.length > 0 ? 1 : 0;
}
