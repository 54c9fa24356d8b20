/** Scripts as real processes that are killed in the middle of their work. */
import { type DataFolder, type Ended, endOf, startScript } from "../e2e/script_process.ts";

/** Where a script works, and when it is killed. */
export interface KillOptions {
  readonly folder: DataFolder;
  readonly env: Readonly<Record<string, string>>;
  /** Files that are made, written, renamed or removed in the folder. */
  readonly afterChanges: number;
}

/**
 * Starts the script and kills it when it has changed so much in its folder; null when it was killed. No broker may be
 * open here meanwhile: the watcher opens what it sees, and to close any handle of a file drops SQLite's locks on it.
 */
export async function runAndKill(
  script: string,
  args: readonly string[],
  { folder, env, afterChanges }: KillOptions,
): Promise<Ended | null> {
  using watcher = Deno.watchFs(folder.file(""), { recursive: true });
  const child = await startScript(script, args, env);
  const ended = endOf(child);
  const moment = changes(watcher, afterChanges).then(() => undefined);
  const first = await Promise.race([ended, moment]);
  if (first !== undefined) return first;
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It ended just now.
    if (!(error instanceof TypeError)) throw error;
  }
  const { code, ...rest } = await ended;
  return code === 137 ? null : { code, ...rest };
}

/** Waits for so many files that are made, written, renamed or removed. */
async function changes(watcher: Deno.FsWatcher, count: number): Promise<void> {
  let seen = 0;
  if (count === 0) return;
  for await (const { kind } of watcher) {
    if (kind !== "access" && ++seen >= count) return;
  }
}
