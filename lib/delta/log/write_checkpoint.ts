/** Writes a checkpoint of one version, the hint to it, and removes what of the log nobody needs any more. */
import { checkpointPath } from "../actions/log_path.ts";
import { tableProperties } from "../actions/table_properties.ts";
import type { Store } from "../store/store.ts";
import { encodeCheckpoint } from "./checkpoint_codec.ts";
import { writeCheckpointHint } from "./checkpoint_hint.ts";
import { cleanLog } from "./clean_log.ts";
import { assertWritable } from "./protocol.ts";
import type { Snapshot } from "./snapshot.ts";

/** How a checkpoint is written. */
export interface CheckpointOptions {
  /** How long log files stay; by default `delta.logRetentionDuration` of the table, or 30 days. */
  readonly logRetentionMs?: number;
  /** False to leave the log as it is: to clean it takes a listing. By default true. */
  readonly cleansLog?: boolean;
}

/** What a checkpoint did. */
export interface CheckpointOutcome {
  /** The version that it holds. */
  readonly version: number;
  /** Of the checkpoint file. */
  readonly sizeBytes: number;
  /** Live files that it names. */
  readonly files: number;
  /** Old log files that were removed after it. */
  readonly removedLogFiles: number;
}

/**
 * Writes a checkpoint of the snapshot, then removes log files that are older than `delta.logRetentionDuration` and that
 * no younger version needs, unless `delta.enableExpiredLogCleanup` is false.
 *
 * @throws {UnsupportedTableError} when the table has rules for writers that are not known here
 */
export async function writeCheckpoint(
  store: Store,
  snapshot: Snapshot,
  nowMs: number,
  options: CheckpointOptions = {},
): Promise<CheckpointOutcome> {
  const { version, metadata, protocol } = snapshot;
  assertWritable(store.label, protocol, metadata);
  const { bytes, actions, adds } = await encodeCheckpoint(snapshot, nowMs);
  await store.put(checkpointPath(version), bytes);
  await writeCheckpointHint(store, {
    version,
    size: actions,
    sizeInBytes: bytes.length,
    numOfAddFiles: adds,
  });
  const properties = tableProperties(metadata);
  const { enableExpiredLogCleanup } = properties;
  const { logRetentionMs = properties.logRetentionMs, cleansLog = true } = options;
  const removedLogFiles = enableExpiredLogCleanup && cleansLog
    ? await cleanLog(store, nowMs - logRetentionMs)
    : 0;
  return { version, sizeBytes: bytes.length, files: adds, removedLogFiles };
}
