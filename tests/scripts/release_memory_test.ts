/** Frames are free when V8 has collected their handles and the event loop has turned: both have to happen, in this order. */
import { assertEquals } from "@std/assert";
import { releaseMemory } from "../../scripts/host/release_memory.ts";

const host = globalThis as { gc?: () => void };

Deno.test("memory is asked back between two turns of the event loop", async () => {
  const { gc } = host;
  const order: string[] = [];
  try {
    setImmediate(() => order.push("turned"));
    host.gc = () => {
      order.push("collected");
      setImmediate(() => order.push("finalized"));
    };
    await releaseMemory();
    assertEquals(order, ["turned", "collected", "finalized"]);
  } finally {
    if (gc === undefined) delete host.gc;
    else host.gc = gc;
  }
});

Deno.test("where nobody may ask for memory the event loop turns all the same", async () => {
  const { gc } = host;
  delete host.gc;
  let hasTurned = false;
  setImmediate(() => hasTurned = true);
  await releaseMemory();
  assertEquals(hasTurned, true);
  if (gc !== undefined) host.gc = gc;
});
