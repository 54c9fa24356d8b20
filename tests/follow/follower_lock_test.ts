import { assertEquals, assertRejects } from "@std/assert";
import { holdLock, readHolder } from "../../lib/follow/follower_lock.ts";

const ME = { pid: 41, host: "tampere", sinceMs: 1_700_000_000_000 };
const OTHER = { pid: 42, host: "oulu", sinceMs: 1_700_000_001_000 };

Deno.test("whoever comes second hears who holds the lock, and has it when the first lets go", async () => {
  const path = `${await Deno.makeTempDir()}/followers/process.lock`;
  const heard: unknown[] = [];
  const { signal } = new AbortController();
  const first = await holdLock(path, { holder: ME, sleep: never, signal });
  let sleeps = 0;
  const sleep = async () => {
    if (++sleeps === 2) await first[Symbol.asyncDispose]();
  };
  await using _ = await holdLock(path, {
    holder: OTHER,
    sleep,
    signal,
    onWait: (holder) => heard.push(holder),
  });
  assertEquals([heard, sleeps, await readHolder(path)], [[ME], 2, OTHER]);
});

Deno.test("a lock whose file names a holder that is gone is free", async () => {
  const path = `${await Deno.makeTempDir()}/process.lock`;
  await Deno.writeTextFile(path, JSON.stringify(OTHER).padEnd(200));
  await using _ = await holdLock(path, { holder: ME, sleep: never, signal: new AbortController().signal });
  assertEquals(await readHolder(path), ME);
});

Deno.test("the wait for a lock ends with the signal", async () => {
  const path = `${await Deno.makeTempDir()}/process.lock`;
  const controller = new AbortController();
  await using _ = await holdLock(path, { holder: ME, sleep: never, signal: controller.signal });
  const sleep = () => Promise.resolve(controller.abort(new Error("enough")));
  await assertRejects(
    () => holdLock(path, { holder: OTHER, sleep, signal: controller.signal }),
    Error,
    "enough",
  );
});

function never(): Promise<never> {
  throw new Error("nobody should wait");
}
