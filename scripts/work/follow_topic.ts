/** What `deno task process --follow` does; a module of its own, so that one run need not load it. */
import type { Call } from "../../lib/cli/run_command.ts";
import type { PROCESS_FOLLOW_OPTIONS } from "../../lib/cli/flags/process_follow_options.ts";
import type { PROCESS_OPTIONS } from "../../lib/cli/flags/script_options.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import { FollowProgress } from "../../lib/cli/follow_progress.ts";
import { jitteredBackoff, LocalStore } from "../../lib/delta/mod.ts";
import { describeFollow } from "../../lib/pipeline/follow_topic/describe_follow.ts";
import { FollowFigures } from "../../lib/pipeline/follow_topic/follow_figures.ts";
import { pollInterval } from "../../lib/pipeline/follow_topic/pace.ts";
import { runFollower } from "../../lib/pipeline/follow_topic/run_follower.ts";
import { openLake } from "../../lib/tables/lake.ts";
import { followSurroundings } from "../host/follow_surroundings.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";
import { policyIn } from "../host/policy_file.ts";

const HOUR_MS = 3_600_000;
/** Without a setting: batches replace files all day, of which a week would fill a disk. */
const KEEP_FILES_HOURS = 0.25;
const ANALYSE_MS = 60_000;

/** Resolves to the exit code when it was stopped. */
export async function followConfiguredTopic(
  { config, flags, signal, print, progress, forPeople }: Call<
    typeof PROCESS_OPTIONS & typeof PROCESS_FOLLOW_OPTIONS
  >,
): Promise<number> {
  const { dataDir, topic, group, kafka } = config, { maxAge: maxAgeMs, json: isJson } = flags;
  const surroundings = followSurroundings(signal), { clock, ids, random, monotonic } = surroundings;
  const figures = new FollowFigures(surroundings);
  const shown = new FollowProgress({ progress, isJson, print, monotonic });
  const storeOf = (path: string) => new LocalStore(`${dataDir}/${path}`);
  const backoff = figures.countingRetries(jitteredBackoff({ random }));
  const openBroker = () => openConfiguredBroker(config, { signal });
  const open = () => openLake(storeOf, { topic, clock, ids, backoff });
  const summary = await runFollower({ group, storeOf, openBroker, openLake: open }, {
    dataDir,
    topic,
    who: { pid: Deno.pid, host: Deno.hostname() },
    limits: {
      maxBatchBytes: flags.maxBatchMb * 1_000_000,
      keepFilesMs: (flags.keepFilesHours ?? KEEP_FILES_HOURS) * HOUR_MS,
      keepMessagesMs: flags.keepMessagesHours * HOUR_MS,
    },
    pace: { maxAgeMs, pollMs: pollInterval(maxAgeMs, kafka === undefined ? "local" : "remote") },
    times: { analyseMs: ANALYSE_MS, measureMs: flags.measureEvery },
    surroundings,
    figures,
    policyFile: policyIn(dataDir),
    onBatch: (batch) => shown.batch(batch),
    onBeat: () => shown.beat(figures),
  });
  print(isJson ? JSON.stringify({ stopped: true, ...summary }) : forPeople(describeFollow(summary)));
  return summary.lost > 0 ? EXIT_CODES.failed.code : EXIT_CODES.done.code;
}
