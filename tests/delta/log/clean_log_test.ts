import { assertEquals } from "@std/assert";
import { checkpointPath, commitPath } from "../../../lib/delta/actions/log_path.ts";
import { cleanLog } from "../../../lib/delta/log/clean_log.ts";
import { MemoryStore } from "../../../lib/delta/mod.ts";
import { seededRandom } from "../test_context.ts";

Deno.test({
  name: "cleaning leaves what the versions from a time on are built on, and nothing before it",
  permissions: "none",
  fn: async () => {
    let removed = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      let now = 0;
      const store = new MemoryStore({ clock: () => now });
      const times: number[] = [], checkpoints: number[] = [];
      for (let version = 0; version < 8; version++) {
        now += Math.floor(random() * 3);
        times.push(now);
        await store.put(commitPath(version), new Uint8Array());
        // What is written beside a commit may be written much later; it makes no version younger.
        now += Math.floor(random() * 5);
        if (random() < 0.3) await store.put(commitPath(version).replace(".json", ".crc"), new Uint8Array());
        if (random() < 0.4) {
          checkpoints.push(version);
          await store.put(checkpointPath(version), new Uint8Array());
        }
        now = times.at(-1) ?? now;
      }
      for (let oldestMs = 0; oldestMs <= now + 1; oldestMs++) {
        const base = oldestNeeded(times, checkpoints, oldestMs);
        const before = await versionsIn(store);
        assertEquals(await cleanLog(store, oldestMs), before.filter((version) => version < base).length);
        assertEquals(await versionsIn(store), before.filter((version) => version >= base));
        removed += base > 0 ? 1 : 0;
      }
    }
    assertEquals(removed > 50, true);
  },
});

/** The checkpoint under the version that was the newest just before the time; all is needed where there is none. */
function oldestNeeded(times: readonly number[], checkpoints: readonly number[], oldestMs: number): number {
  const young = times.findIndex((time) => time >= oldestMs);
  const current = (young === -1 ? times.length : young) - 1;
  return Math.max(0, ...checkpoints.filter((version) => version <= current));
}

async function versionsIn(store: MemoryStore): Promise<readonly number[]> {
  return (await store.list("_delta_log/")).map(({ path }) => Number(path.slice(11, 31)));
}
