/** Names of the files in `_delta_log`. */

/** A file of the log that takes part in replay. Versions are 20 digits in the name, numbers here. */
export type LogFile =
  | { readonly kind: "commit"; readonly version: number }
  | { readonly kind: "checkpoint"; readonly version: number; readonly part: number; readonly parts: number }
  /** A checkpoint in one file that may name others, in `_sidecars`. */
  | { readonly kind: "v2Checkpoint"; readonly version: number }
  /** The commits from a version to another, put together. */
  | { readonly kind: "compacted"; readonly since: number; readonly version: number };

/** The folder of the log. */
export const LOG_FOLDER = "_delta_log/";

/** The hint to the newest checkpoint; may be old, missing or broken. */
export const LAST_CHECKPOINT_PATH = `${LOG_FOLDER}_last_checkpoint`;

const COMMIT = /^(\d{20})\.json$/;
const CHECKPOINT = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/;
const V2_CHECKPOINT = /^(\d{20})\.checkpoint\.[0-9a-fA-F-]{36}\.(?:json|parquet)$/;

const COMPACTED = /^(\d{20})\.(\d{20})\.compacted\.json$/;

/** The folder of the files that V2 checkpoints name. */
export const SIDECAR_FOLDER = `${LOG_FOLDER}_sidecars/`;

/** The start of all names of a version; sorts before them. */
export function versionPrefix(version: number): string {
  return LOG_FOLDER + String(version).padStart(20, "0");
}

/** The path of the commit of a version. */
export function commitPath(version: number): string {
  return `${versionPrefix(version)}.json`;
}

/** The path of a classic checkpoint in one file. */
export function checkpointPath(version: number): string {
  return `${versionPrefix(version)}.checkpoint.parquet`;
}

/** Reads the name of a log file; undefined for all that replay does not need. */
export function parseLogPath(path: string): LogFile | undefined {
  const name = path.slice(LOG_FOLDER.length);
  // Numbers end at 2^53, and no table has so many versions.
  if (!Number.isSafeInteger(Number(name.slice(0, 20)))) return undefined;
  const commit = COMMIT.exec(name);
  if (commit !== null) return { kind: "commit", version: Number(commit[1]) };
  const checkpoint = CHECKPOINT.exec(name);
  if (checkpoint !== null) {
    const [, version, part = "1", parts = "1"] = checkpoint;
    return { kind: "checkpoint", version: Number(version), part: Number(part), parts: Number(parts) };
  }
  const compacted = COMPACTED.exec(name);
  if (compacted !== null) {
    return { kind: "compacted", since: Number(compacted[1]), version: Number(compacted[2]) };
  }
  const v2 = V2_CHECKPOINT.exec(name);
  return v2 === null ? undefined : { kind: "v2Checkpoint", version: Number(v2[1]) };
}
