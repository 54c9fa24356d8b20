/** `_last_checkpoint`: where to start reading, if it can be believed. */
import { LAST_CHECKPOINT_PATH } from "../actions/log_path.ts";
import { NotFoundError } from "../errors.ts";
import type { Store } from "../store/store.ts";

/** What `_last_checkpoint` says; it only saves listing the whole log. */
export interface CheckpointHint {
  readonly version: number;
  /** Actions in the checkpoint. */
  readonly size: number;
  readonly sizeInBytes: number;
  readonly numOfAddFiles: number;
}

/** The version that the hint names; undefined when it is missing or broken, which is no fault of the table. */
export async function readCheckpointHint(store: Store): Promise<number | undefined> {
  try {
    const { version } = JSON.parse(new TextDecoder().decode(await store.read(LAST_CHECKPOINT_PATH)));
    return Number.isSafeInteger(version) && version >= 0 ? version : undefined;
  } catch (error) {
    const isNoHint = error instanceof NotFoundError || error instanceof SyntaxError ||
      error instanceof TypeError;
    if (isNoHint) return undefined;
    throw error;
  }
}

/** Writes the hint, unless it names a newer checkpoint already. */
export async function writeCheckpointHint(store: Store, hint: CheckpointHint): Promise<void> {
  const known = await readCheckpointHint(store);
  if (known !== undefined && known > hint.version) return;
  await store.put(LAST_CHECKPOINT_PATH, new TextEncoder().encode(JSON.stringify(hint)));
}
