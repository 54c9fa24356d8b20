import { assertEquals, assertRejects } from "@std/assert";
import { beatWhile } from "../../../lib/pipeline/follow_topic/beat_while.ts";

/** Lets beats go on one by one; a wait that the signal ends rejects, as real ones do. */
function steps() {
  const waits: PromiseWithResolvers<void>[] = [];
  const sleep = (_: number, signal: AbortSignal) => {
    const wait = Promise.withResolvers<void>();
    waits.push(wait);
    signal.addEventListener("abort", () => wait.reject(signal.reason));
    return wait.promise;
  };
  const step = async () => {
    waits.shift()?.resolve();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { sleep, step };
}

Deno.test("it is said again and again while the work goes on, and in the end that it has ended", async () => {
  const { sleep, step } = steps();
  const said: boolean[] = [];
  let beats = 0;
  const work = Promise.withResolvers<string>();
  const result = beatWhile(() => work.promise, {
    write: ({ hasEnded }) => Promise.resolve(void said.push(hasEnded)),
    onBeat: () => beats++,
    everyMs: 5000,
    sleep,
  });
  for (let count = 0; count < 3; count++) await step();
  work.resolve("done");
  assertEquals([await result, beats, said], ["done", 2, [false, false, false, true]]);
});

Deno.test("what cannot be written disturbs nothing, and work that fails is said to have ended", async () => {
  const { sleep } = steps();
  const said: boolean[] = [];
  const write = ({ hasEnded }: { readonly hasEnded: boolean }) => {
    said.push(hasEnded);
    return Promise.reject(new Error("No space left on device"));
  };
  assertEquals(await beatWhile(() => Promise.resolve(7), { write, everyMs: 1, sleep }), 7);
  const failing = () => beatWhile(() => Promise.reject(new Error("ours")), { write, everyMs: 1, sleep });
  await assertRejects(failing, Error, "ours");
  assertEquals(said, [false, true, false, true]);
});
