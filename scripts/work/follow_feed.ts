/** What `deno task fetch --follow` does; a module of its own, so that a single fetch need not load it. */
import type { FEED_OPTIONS, FeedRhythm } from "../../lib/cli/flags/feed_options.ts";
import type { Call } from "../../lib/cli/run_command.ts";
import type { FETCH_OPTIONS } from "../../lib/cli/flags/script_options.ts";
import { getLogger } from "../../lib/packages/logtape.ts";
import {
  describeFollowed,
  describeFollowing,
  describeStepDone,
} from "../../lib/pipeline/follow_feed/describe_feed.ts";
import { newFigures, type StepDone } from "../../lib/pipeline/follow_feed/feed_figures.ts";
import { followFeed } from "../../lib/pipeline/follow_feed/follow_feed.ts";
import { liveApi } from "../host/live_api.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";

const logger = getLogger(["ratalake", "fetch"]);

/** Follows until it is stopped; resolves to the exit code. */
export async function followLiveFeed(
  { config, flags, signal, print, progress, forPeople }: Call<typeof FETCH_OPTIONS & typeof FEED_OPTIONS>,
  rhythm: FeedRhythm,
): Promise<number> {
  const host = Deno.hostname();
  const transactionalId = flags.transactional ? `ratalake-fetch-${config.topic}-${host}` : undefined;
  const figures = newFigures();
  const monotonic = () => performance.now();
  const startedMs = monotonic();
  const show = () =>
    progress.doing(describeFollowing(figures, { nowMs: Date.now(), monotonicMs: monotonic() }));
  const onStep = (done: StepDone) => {
    if (done.published === 0) return;
    if (flags.json) print(JSON.stringify({ at: new Date().toISOString(), ...done, topic: config.topic }));
    // Over MQTT something comes every few seconds.
    else if (progress.isLive || done.kind === "messages") show();
    else logger.info(describeStepDone(done));
  };
  await followFeed({
    api: { ...liveApi(config.digitraffic, progress), fetch },
    openBroker: () => openConfiguredBroker(config, { signal, ...(transactionalId && { transactionalId }) }),
    // A transaction is one publish.
    ...(transactionalId && { chunkBytes: Infinity }),
    ...{
      topic: config.topic,
      partitions: config.partitions,
      statePath: config.stateFile,
      dataDir: config.dataDir,
    },
    ...rhythm,
    ...{ monotonic, signal, figures, onStep, onDoing: show, process: { pid: Deno.pid, host } },
    // Elsewhere it would be a line every few seconds for who debugs.
    ...(progress.isLive && { onBeat: show }),
  });
  const seconds = (monotonic() - startedMs) / 1000;
  print(
    flags.json
      ? JSON.stringify({ seconds, ...figures.counts, ...(figures.mqtt && { mqtt: figures.mqtt }) })
      : forPeople(describeFollowed(figures, { seconds })),
  );
  return 0;
}
