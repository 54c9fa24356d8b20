import { assertEquals, assertRejects } from "@std/assert";
import { LAST_CHECKPOINT_PATH } from "../../../lib/delta/actions/log_path.ts";
import { readCheckpointHint, writeCheckpointHint } from "../../../lib/delta/log/checkpoint_hint.ts";
import { MemoryStore } from "../../../lib/delta/mod.ts";

const NONE = { permissions: "none" } as const;

function hintOf(version: number, size = 1) {
  return { version, size, sizeInBytes: 10, numOfAddFiles: 0 };
}

Deno.test({
  name: "a hint is a whole number from 0; anything else, and nothing, is none",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore();
    assertEquals(await readCheckpointHint(store), undefined);
    const found: readonly (readonly [text: string, version: number | undefined])[] = [
      ['{"version":0}', 0],
      ['{"version":7,"parts":2}', 7],
      ['{"version":-1}', undefined],
      ['{"version":1.5}', undefined],
      ['{"version":9007199254740993}', undefined],
      ['{"version":"7"}', undefined],
      ["{}", undefined],
      ["null", undefined],
      ["7", undefined],
      ["{", undefined],
      ["", undefined],
    ];
    for (const [text, version] of found) {
      await store.put(LAST_CHECKPOINT_PATH, new TextEncoder().encode(text));
      assertEquals([text, await readCheckpointHint(store)], [text, version]);
    }
  },
});

Deno.test({
  name: "a store that fails is no missing hint",
  ...NONE,
  fn: async () => {
    const store = Object.assign(new MemoryStore(), { read: () => Promise.reject(new Error("no answer")) });
    await assertRejects(() => readCheckpointHint(store), Error, "no answer");
    await assertRejects(() => writeCheckpointHint(store, hintOf(1)), Error, "no answer");
  },
});

Deno.test({
  name: "a hint is replaced by one of the same version or a newer one, and never set back",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore();
    const written = async (version: number, size: number) => {
      await writeCheckpointHint(store, hintOf(version, size));
      return JSON.parse(new TextDecoder().decode(await store.read(LAST_CHECKPOINT_PATH)));
    };
    assertEquals(await written(5, 1), hintOf(5, 1));
    assertEquals(await written(5, 2), hintOf(5, 2));
    assertEquals(await written(4, 3), hintOf(5, 2));
    assertEquals(await written(6, 4), hintOf(6, 4));
  },
});
