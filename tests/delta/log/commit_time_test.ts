import { assertEquals, assertRejects } from "@std/assert";
import { commitPath } from "../../../lib/delta/actions/log_path.ts";
import { readCommitTime } from "../../../lib/delta/log/commit_time.ts";
import { MemoryStore } from "../../../lib/delta/mod.ts";

const NONE = { permissions: "none" } as const;

Deno.test({
  name: "a commit tells its time in its commitInfo, wherever that stands near its start; else it tells none",
  ...NONE,
  fn: async () => {
    const add = JSON.stringify({ add: { path: "x".repeat(100) } });
    const cases: readonly (readonly [text: string, time: number | undefined])[] = [
      ['{"commitInfo":{"timestamp":5}}', 5],
      [`${add}\n{"commitInfo":{"timestamp":-5}}\n${add}`, -5],
      ['{"commitInfo":{"timestamp":5,"inCommitTimestamp":0}}', 0],
      ['{"commitInfo":{"timestamp":5,"inCommitTimestamp":0.5}}', 5],
      ['{"commitInfo":{"timestamp":"5"}}', undefined],
      ['{"commitInfo":null}', undefined],
      ['{"commitInfo":{"timestamp":5}', undefined],
      [add, undefined],
      ["", undefined],
      [`${`${add}\n`.repeat(1000)}{"commitInfo":{"timestamp":5}}`, undefined],
    ];
    for (const [text, time] of cases) {
      const store = new MemoryStore();
      await store.put(commitPath(3), new TextEncoder().encode(text));
      assertEquals([text, await readCommitTime(store, 3)], [text, time]);
    }
  },
});

Deno.test({
  name: "a commit that is gone tells no time; a store that fails is an error",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore();
    assertEquals(await readCommitTime(store, 3), undefined);
    Object.assign(store, { read: () => Promise.reject(new Error("no answer")) });
    await assertRejects(() => readCommitTime(store, 3), Error, "no answer");
  },
});
