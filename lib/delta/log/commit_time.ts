/** When a version was committed, for tables whose newest version is a checkpoint: checkpoints do not say. */
import { commitPath } from "../actions/log_path.ts";
import { NotFoundError } from "../errors.ts";
import type { Store } from "../store/store.ts";

/** Writers put `commitInfo` first; after so many bytes it is not worth reading on. */
const HEAD_BYTES = 65_536;

/** Milliseconds since 1970 UTC as the commit of a version says; undefined when it is gone, or does not say. */
export async function readCommitTime(store: Store, version: number): Promise<number | undefined> {
  const text = await readHead(store, commitPath(version));
  const line = text.split("\n").find((candidate) => candidate.includes('"commitInfo"'));
  const { inCommitTimestamp, timestamp } = parseInfo(line ?? "");
  return [inCommitTimestamp, timestamp].find((time): time is number => Number.isSafeInteger(time));
}

async function readHead(store: Store, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await store.read(path, { offset: 0, length: HEAD_BYTES }));
  } catch (error) {
    if (error instanceof NotFoundError) return "";
    throw error;
  }
}

// Nothing else depends on this line, so a broken one is as good as none.
function parseInfo(line: string): { readonly inCommitTimestamp?: unknown; readonly timestamp?: unknown } {
  try {
    return JSON.parse(line).commitInfo ?? {};
  } catch {
    return {};
  }
}
