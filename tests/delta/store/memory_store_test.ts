import { assertEquals, assertRejects } from "@std/assert";
import { MemoryStore } from "../../../lib/delta/store/memory_store.ts";
import { storeContract } from "../../contract/store_contract.ts";

const bytes = new Uint8Array([1, 2, 3]);

Deno.test({
  name: "the memory store keeps the promises of a store",
  permissions: "none",
  fn: (t) => storeContract(t, new MemoryStore({ clock: () => 1_700_000_000_000 })),
});

Deno.test({
  name: "a hook that writes first makes the caller lose the race",
  permissions: "none",
  fn: async () => {
    const store = new MemoryStore({ beforePut: (path, self) => self.put(path, new Uint8Array([9])) });
    assertEquals(await store.putIfAbsent("file", bytes), false);
    assertEquals(await store.read("file"), new Uint8Array([9]));
  },
});

Deno.test({
  name: "a hook that throws fails the write and leaves nothing",
  permissions: "none",
  fn: async () => {
    const store = new MemoryStore({
      beforePut: () => {
        throw new Error("disk full");
      },
    });
    await assertRejects(() => store.putIfAbsent("file", bytes), Error, "disk full");
    await assertRejects(() => store.put("file", bytes), Error, "disk full");
    assertEquals(await store.list(""), []);
  },
});
