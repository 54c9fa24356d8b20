/** A back-fill as the only one of its folder, which says how it is. */
import type { Broker } from "../../broker/broker.ts";
import { holdLock, type LockHolder } from "../../follow/follower_lock.ts";
import { heartbeatPath } from "../../follow/heartbeat.ts";
import { getLogger } from "../../packages/logtape.ts";
import { logEpoch } from "../epochs/log_epoch.ts";
import { backfillStatePath } from "./backfill_state.ts";
import type { BackfillProgress } from "./backfill_progress.ts";
import type { BackfillSummary } from "./backfill_counts.ts";
import { keepBeating } from "./keep_beating.ts";
import { type BackfillOptions, runBackfill } from "./run_backfill.ts";

const logger = getLogger(["ratalake", "backfill"]);

/** What it needs beside what a back-fill needs. */
export interface BackfillAloneOptions extends Omit<BackfillOptions, "broker" | "statePath" | "sourceEpoch"> {
  readonly dataDir: string;
  /** The publish state of `fetch`: it is only read. */
  readonly publishStatePath: string;
  /** Who this process is. */
  readonly me: Omit<LockHolder, "sinceMs">;
  /** Called when the lock is held. */
  readonly openBroker: () => Promise<Broker>;
}

/** Waits until no other back-fill writes to the folder, then runs; with the broker's label. */
export async function backfillAlone(
  { dataDir, publishStatePath, me, openBroker, ...options }: BackfillAloneOptions,
): Promise<BackfillSummary & { readonly topic: string; readonly broker: string }> {
  const { api: { clock, sleep }, monotonic, signal, topic, partitions, onProgress, onDay } = options;
  const statePath = backfillStatePath(dataDir);
  const holder = { ...me, sinceMs: clock() };
  await using _lock = await holdLock(`${statePath}.lock`, { holder, sleep, signal, onWait: tellHolder });
  await using broker = await openBroker();
  await broker.ensureTopic(topic, partitions);
  const sourceEpoch = await logEpoch({ broker, topic, publishStatePath });
  const path = heartbeatPath(dataDir, "backfill");
  await using beating = keepBeating({ path, topic, ...me, clock, monotonic, sleep });
  const showing =
    (tell: ((progress: BackfillProgress) => void) | undefined) => (progress: BackfillProgress) => {
      beating.show(progress);
      tell?.(progress);
    };
  const run = {
    ...options,
    broker,
    statePath,
    sourceEpoch,
    onProgress: showing(onProgress),
    onDay: showing(onDay),
  };
  try {
    const summary = await runBackfill(run);
    for (const { date, reason } of summary.failed) beating.failed(`${date}: ${reason}`);
    return { ...summary, topic, broker: broker.label };
  } catch (error) {
    beating.failed(error);
    throw error;
  }
}

function tellHolder(holder: LockHolder | null): void {
  if (holder === null) {
    return logger.warn("Waiting: another process back-fills into this folder; Ctrl-C ends the wait");
  }
  logger.warn(
    "Waiting: process {pid} on {host} back-fills into this folder since {since}; Ctrl-C ends the wait",
    { pid: holder.pid, host: holder.host, since: new Date(holder.sinceMs).toISOString() },
  );
}
