import { assertEquals } from "@std/assert";
import { type Heartbeat, readHeartbeat } from "../../lib/follow/heartbeat.ts";
import { keepHeartbeat } from "../../lib/follow/keep_heartbeat.ts";

const FOLDER = Deno.makeTempDirSync();
const RIGHTS = { read: [FOLDER], write: [FOLDER] };

globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

/** A heartbeat by a clock of the test, which beats when the test says so. */
function keep(path: string) {
  let nowMs = 0;

  const written: number[] = [];
  const heart = keepHeartbeat({
    path,
    beat: (): Heartbeat => {
      written.push(nowMs);
      const place = {
        role: "fetch",
        pid: 1,
        host: "a",
        topic: "trains",
        startedAt: 0,
        everySeconds: 5,
      } as const;
      return { ...place, at: nowMs, doing: "waiting", counts: {}, gauges: {}, errors: [] };
    },
    monotonic: () => nowMs,
    sleep: (_, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    everyMs: 5_000,
  });
  return { heart, written, pass: (milliseconds: number) => void (nowMs += milliseconds) };
}

Deno.test({
  name: "a heartbeat is written as time passes and at changes, not at each of many, and says when it ends",
  permissions: RIGHTS,
  fn: async () => {
    const path = `${FOLDER}/a/fetch.json`;
    const { heart, written, pass } = keep(path);
    pass(400);
    heart.changed();
    pass(700);
    heart.changed();
    heart.changed();
    await heart[Symbol.asyncDispose]();
    assertEquals(written.at(-1), 1_100);
    assertEquals(written.length <= 3, true);
    assertEquals((await readHeartbeat(path))?.doing, "");
  },
});

Deno.test({
  name: "a heartbeat that cannot be written stops nobody",
  permissions: RIGHTS,
  fn: async () => {
    await Deno.mkdir(`${FOLDER}/taken.json/inside`, { recursive: true });
    const { heart, pass } = keep(`${FOLDER}/taken.json`);
    pass(2_000);
    heart.changed();
    await heart[Symbol.asyncDispose]();
    assertEquals(await readHeartbeat(`${FOLDER}/taken.json`), null);
  },
});
