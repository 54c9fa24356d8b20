import { commitPath, LOG_FOLDER, parseLogPath, versionPrefix } from "../actions/log_path.ts";
import type { Store } from "../store/store.ts";

/**
 * Tells whether the log was cleaned beyond a version. Then "the next version is not there" does not mean that nobody
 * has written it: a commit to that place would lie behind the newest checkpoint and be lost.
 */
export async function isOvertaken(store: Store, version: number): Promise<boolean> {
  if (await isThere(store, commitPath(version))) return false;
  const later = await store.list(LOG_FOLDER, { startAfter: versionPrefix(version + 1) });
  return later.some(({ path }) => parseLogPath(path) !== undefined);
}

async function isThere(store: Store, path: string): Promise<boolean> {
  try {
    await store.read(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
