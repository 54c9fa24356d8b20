/** What `deno task backfill` does; a module of its own, so that `--help` need not load it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { BACKFILL_OPTIONS } from "../../lib/cli/backfill_options.ts";
import type { Call } from "../../lib/cli/run_command.ts";
import { heartbeatPath } from "../../lib/follow/heartbeat.ts";
import { holdLock, type LockHolder } from "../../lib/follow/follower_lock.ts";
import { getLogger } from "../../lib/packages/logtape.ts";
import { describeProgress } from "../../lib/pipeline/backfill/backfill_progress.ts";
import { checkRange } from "../../lib/pipeline/backfill/check_range.ts";
import { createRoomCheck } from "../../lib/pipeline/backfill/check_room.ts";
import { describeBackfill, describePlan } from "../../lib/pipeline/backfill/describe_backfill.ts";
import { keepBeating } from "../../lib/pipeline/backfill/keep_beating.ts";
import { datesOf } from "../../lib/pipeline/backfill/plan_backfill.ts";
import { previewBackfill } from "../../lib/pipeline/backfill/preview_backfill.ts";
import { runBackfill } from "../../lib/pipeline/backfill/run_backfill.ts";
import { freeBytes } from "../host/disk_room.ts";
import { liveApi } from "../host/live_api.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";

type BackfillCall = Call<typeof BACKFILL_OPTIONS>;

/** Resolves to the exit code. */
export async function backfill(call: BackfillCall): Promise<number> {
  checkRange(call.flags, { archives: call.flags.archives, nowMs: Date.now() });
  return call.flags.dryRun ? await preview(call) : await run(call);
}

async function preview({ config, flags, signal, print, forPeople }: BackfillCall): Promise<number> {
  await using broker = await openConfiguredBroker(config, { signal, isReadOnly: true });
  const plan = await previewBackfill({
    ...flags,
    ...config.digitraffic,
    broker,
    topic: config.topic,
    statePath: statePathIn(config.dataDir),
    nowMs: Date.now(),
  });
  const missing = plan.errands.flatMap(datesOf);
  print(
    flags.json
      ? JSON.stringify({ days: plan.days, before: plan.before, missing, requests: plan.errands.length })
      : forPeople(describePlan(plan)),
  );
  return 0;
}

async function run({ config, flags, signal, print, progress, forPeople }: BackfillCall): Promise<number> {
  const { dataDir, topic, partitions } = config;
  const statePath = statePathIn(dataDir);
  const me = { pid: Deno.pid, host: Deno.hostname() };
  const wait = (milliseconds: number, signal?: AbortSignal) =>
    sleep(milliseconds, undefined, signal ? { signal } : {});
  const holder = { ...me, sinceMs: Date.now() };
  await using _lock = await holdLock(`${statePath}.lock`, {
    holder,
    sleep: wait,
    signal,
    onWait: tellHolder,
  });
  await using broker = await openConfiguredBroker(config, { signal });
  await using beating = keepBeating({
    path: heartbeatPath(dataDir, "backfill"),
    topic,
    ...me,
    clock: Date.now,
    sleep: wait,
  });
  const summary = await runBackfill({
    ...flags,
    api: liveApi(config.digitraffic, progress),
    broker,
    topic,
    partitions,
    statePath,
    signal,
    monotonic: () => performance.now(),
    ...(config.kafka ? {} : { checkRoom: createRoomCheck(config.brokerFile, freeBytes) }),
    onProgress: (done) => {
      beating.show(done);
      progress.doing(describeProgress(done));
    },
    onDay: (done) => {
      beating.show(done);
      progress.stepDone(describeProgress(done));
    },
  });
  for (const { date, reason } of summary.failed) beating.failed(`${date}: ${reason}`);
  print(
    flags.json
      ? JSON.stringify({ ...summary, topic, broker: broker.label })
      : forPeople(describeBackfill(summary)),
  );
  return summary.failed.length > 0 ? 1 : 0;
}

function statePathIn(dataDir: string): string {
  return `${dataDir}/backfill_state.json`;
}

function tellHolder(holder: LockHolder | null): void {
  const who = holder === null ? "another process" : `process ${holder.pid} on ${holder.host}`;
  const since = holder === null ? "" : ` since ${new Date(holder.sinceMs).toISOString()}`;
  getLogger(["ratalake", "backfill"]).warn(
    `Waiting: ${who} back-fills into this folder${since}; Ctrl-C ends the wait`,
  );
}
