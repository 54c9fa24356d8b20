/** A copy of a store in memory: tests that spoil a table again and again build it once. */
import { MemoryStore } from "../../lib/delta/mod.ts";

/** The same files with the same times; what is written from now on gets the time of the clock. */
export async function copiedStore(from: MemoryStore, clock: () => number): Promise<MemoryStore> {
  let copiedMs: number | null = null;
  const copy = new MemoryStore({ clock: () => copiedMs ?? clock() });
  for (const { path, modifiedMs } of await from.list("")) {
    copiedMs = modifiedMs;
    await copy.put(path, await from.read(path));
  }
  copiedMs = null;
  return copy;
}
