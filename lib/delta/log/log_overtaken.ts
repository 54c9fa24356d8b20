import { commitPath, LOG_FOLDER, parseLogPath, versionPrefix } from "../actions/log_path.ts";
import { hasFile } from "../store/has_file.ts";
import type { Store } from "../store/store.ts";

/**
 * Tells whether the log was cleaned beyond a version. Then "the next version is not there" does not mean that nobody
 * has written it: a commit to that place would lie behind the newest checkpoint and be lost.
 */
export async function isOvertaken(store: Store, version: number): Promise<boolean> {
  if (await hasFile(store, commitPath(version))) return false;
  const later = await store.list(LOG_FOLDER, { startAfter: versionPrefix(version + 1) });
  return later.some(({ path }) => parseLogPath(path) !== undefined);
}
