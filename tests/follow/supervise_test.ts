import { assertEquals } from "@std/assert";
import { type Member, supervise } from "../../lib/follow/supervise.ts";

/** Members whose lives are written down beforehand: how long each lives, and its exit code; the last life lasts. */
function scene(lives: Readonly<Record<string, readonly (readonly [livesMs: number, code: number])[]>>) {
  const controller = new AbortController();
  const log: string[] = [];
  let nowMs = 0;
  const member = (name: string): Member => {
    const left = [...lives[name] ?? []];
    return {
      name,
      start: () => {
        const life = left.shift();
        log.push(`${name} starts`);
        const { promise, resolve } = Promise.withResolvers<number>();
        if (life !== undefined) {
          nowMs += life[0];
          resolve(life[1]);
        }
        return { ended: promise, stop: () => resolve(log.push(`${name} is stopped`) * 0) };
      },
    };
  };
  const run = (members: readonly Member[], mostSleeps = Infinity) =>
    supervise(members, {
      signal: controller.signal,
      monotonic: () => nowMs,
      sleep: (milliseconds) => {
        nowMs += milliseconds;
        log.push(`waits ${milliseconds}`);
        if (--mostSleeps <= 0) controller.abort();
        return Promise.resolve();
      },
      onRestart: (name, { code, waitMs }) => log.push(`${name} ended with ${code}, again in ${waitMs}`),
    });
  return { controller, log, member, run };
}

Deno.test("who dies is started again, twice as long after each time, and soon after it has been well", async () => {
  const { log, member, run } = scene({ fetch: [[0, 1], [0, 137], [90_000, 1], [0, 1]] });
  assertEquals(await run([member("fetch")], 4), 0);
  assertEquals(log.filter((line) => line.includes("ended")), [
    "fetch ended with 1, again in 1000",
    "fetch ended with 137, again in 2000",
    "fetch ended with 1, again in 1000",
    "fetch ended with 1, again in 2000",
  ]);
});

Deno.test("nobody waits longer than a minute", async () => {
  const { log, member, run } = scene({ fetch: Array.from({ length: 12 }, () => [0, 1] as const) });
  await run([member("fetch")], 9);
  assertEquals(log.filter((line) => line.startsWith("waits")).slice(-3), [
    "waits 60000",
    "waits 60000",
    "waits 60000",
  ]);
});

Deno.test("a member that was called wrongly ends all, and its exit code is that of all", async () => {
  const { log, member, run } = scene({ fetch: [[0, 2]] });
  assertEquals(await run([member("fetch"), member("process")]), 2);
  assertEquals(log, ["fetch starts", "process starts", "process is stopped"]);
});

Deno.test("the signal ends all at once, also those that wait", async () => {
  const { controller, log, member, run } = scene({});
  const running = run([member("fetch"), member("process")]);
  controller.abort();
  assertEquals(await running, 0);
  assertEquals(log, ["fetch starts", "process starts", "fetch is stopped", "process is stopped"]);
});

Deno.test("what is done is started again when it is due, without a word; what failed sooner, with one", async () => {
  const { log, member, run } = scene({ metadata: [[0, 1], [0, 1], [0, 0], [0, 1]] });
  await run([{ ...member("metadata"), everyMs: 86_400_000 }], 4);
  assertEquals(log.filter((line) => !line.endsWith("starts")), [
    "metadata ended with 1, again in 1000",
    "waits 1000",
    "metadata ended with 1, again in 2000",
    "waits 2000",
    "waits 86400000",
    "metadata ended with 1, again in 1000",
    "waits 1000",
  ]);
});
