import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { encodeCheckpoint } from "../../../lib/delta/log/checkpoint_codec.ts";
import { readCheckpoint } from "../../../lib/delta/log/checkpoint_reader.ts";
import { replay } from "../../../lib/delta/log/snapshot.ts";
import { CorruptLogError, MemoryStore } from "../../../lib/delta/mod.ts";
import { fakeAdd, firstActions } from "../test_context.ts";
import "../../load_packages.ts";

const NONE = { permissions: "none" } as const;
const PATH = "_delta_log/00000000000000000003.checkpoint.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json";
const ADD = '{"add":{"path":"a","size":1,"partitionValues":{},"modificationTime":1,"dataChange":false}}';

async function readFiles(files: Readonly<Record<string, string>>) {
  const store = new MemoryStore();
  for (const [path, text] of Object.entries(files)) await store.put(path, new TextEncoder().encode(text));
  return (await readCheckpoint(store, [PATH], 3)).actions;
}

function sidecar(path: string): string {
  return JSON.stringify({ sidecar: { path, sizeInBytes: 1, modificationTime: 1 } });
}

Deno.test({
  name: "sidecars are found by their names, with or without a path before them, escaped or not",
  ...NONE,
  fn: async () => {
    for (
      const path of ["a b.json", "a%20b.json", "/t/_delta_log/_sidecars/a%20b.json", "s3://x/y/a b.json"]
    ) {
      const { adds } = await readFiles({ [PATH]: sidecar(path), "_delta_log/_sidecars/a b.json": ADD });
      assertEquals(adds.map((add) => add.path), ["a"]);
    }
    const { adds } = await readFiles({ [PATH]: sidecar("50%.json"), "_delta_log/_sidecars/50%.json": ADD });
    assertEquals(adds.length, 1);
  },
});

Deno.test({
  name: "sidecars of sidecars are refused, and not followed: one may name itself",
  ...NONE,
  fn: async () => {
    for (const inner of ["two.json", "one.json"]) {
      const files = {
        [PATH]: sidecar("one.json"),
        "_delta_log/_sidecars/one.json": `${ADD}\n${sidecar(inner)}`,
      };
      await assertRejects(() => readFiles(files), CorruptLogError, `"${PATH}": found sidecars of sidecars`);
    }
  },
});

Deno.test({
  name: "an error names the file, its version and what is wrong with it, once",
  ...NONE,
  fn: async () => {
    const broken = await assertRejects(() => readFiles({ [PATH]: `${ADD}\nno json` }), CorruptLogError);
    assertEquals(broken.message.startsWith(`Cannot read "${PATH}" line 2: `), true);
    const parquet = PATH.replace(".json", ".parquet");
    const [garbage, huge] = [new TextEncoder().encode("PAR1 no more"), await hugeSize()];
    for (const [bytes, reason] of [[garbage, ""], [huge, "size"]] as const) {
      const store = new MemoryStore();
      await store.put(parquet, bytes);
      const error = await assertRejects(() => readCheckpoint(store, [parquet], 3), CorruptLogError);
      assertEquals(error instanceof CorruptLogError && [error.path, error.version], [parquet, 3]);
      assertMatch(
        error.message,
        new RegExp(`^Cannot read the checkpoint "[^"]*": (?!.*checkpoint ").*${reason}`),
      );
    }
    const missing = () => readFiles({ [PATH]: sidecar("gone.json") });
    await assertRejects(
      missing,
      CorruptLogError,
      'Cannot read the checkpoint "_delta_log/_sidecars/gone.json"',
    );
  },
});

/** A checkpoint whose only file is larger than a number can say. */
async function hugeSize(): Promise<Uint8Array> {
  const actions = { ...firstActions({ id: "long" }), adds: [fakeAdd("a", { size: 2 ** 60 })] };
  return (await encodeCheckpoint(replay(undefined, [{ version: 0, actions }]), 0)).bytes;
}
