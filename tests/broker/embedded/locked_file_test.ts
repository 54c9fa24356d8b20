/** Another process holds the broker file: every call waits without stopping this process, and not for ever. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";

import { type EmbeddedBroker, openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import type { LockWait } from "../../../lib/broker/embedded/until_unlocked.ts";
import { BrokerError } from "../../../lib/errors.ts";

const clock = () => 1_739_766_060_000;
const MESSAGE = { key: "k", value: new Uint8Array(2), headers: {} };

/** Every call, and what it does to the log. */
const CALLS: Readonly<Record<string, (broker: EmbeddedBroker) => Promise<unknown>>> = {
  "create a topic": (broker) => broker.ensureTopic("new", 2),
  "publish": (broker) => broker.publish("t", [MESSAGE, MESSAGE]),
  "read": (broker) => Array.fromAsync(broker.read("t", [{ partition: 0, from: 0n, to: 1n }])),
  "look up offsets": (broker) => broker.topicOffsets("t"),
  "commit offsets": (broker) => broker.commitOffsets("g", "t", new Map([[0, 1n]])),
  "look up committed offsets": (broker) => broker.committedOffsets("g", "t"),
  "delete old messages": (broker) => broker.applyRetention("t", { maxPartitionBytes: 0 }),
};

/** Holds all locks there are, as a process does that was stopped in the middle. */
function lock(path: string): Disposable {
  const other = new DatabaseSync(path);
  other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  return { [Symbol.dispose]: () => other.close() };
}

/** Time that passes only while a lock is awaited. */
function fakeWait(onPause: (pauses: number) => void = () => {}) {
  let nowMs = 0;
  let pauses = 0;
  const wait: LockWait = {
    monotonic: () => nowMs,
    pause: (milliseconds) => {
      nowMs += milliseconds;
      onPause(++pauses);
      return Promise.resolve();
    },
  };
  return { wait, pauses: () => pauses, nowMs: () => nowMs };
}

/** A file with one message, and a broker on it with the given wait. */
async function inFile(
  lockWait: LockWait,
  work: (broker: EmbeddedBroker, path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/broker.db`;
    await using broker = await openEmbeddedBroker({ path, clock, lockWait });
    await broker.ensureTopic("t", 1);
    await broker.publish("t", [MESSAGE]);
    await work(broker, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("every call waits for a lock and goes on when it is given", async () => {
  for (const [name, call] of Object.entries(CALLS)) {
    let held: Disposable | undefined;
    const time = fakeWait((pauses) => {
      if (pauses === 7) held?.[Symbol.dispose]();
    });
    await inFile(time.wait, async (broker, path) => {
      // SQLite keeps a lock of readers as long as a file is open in WAL mode: the broker must not hold one itself.
      await broker[Symbol.asyncDispose]();
      held = lock(path);
      await using reopened = await openEmbeddedBroker({ path, clock, lockWait: time.wait });
      assertEquals(time.pauses(), 7, name);
      await call(reopened);
    });
  }
});

Deno.test("a writer that waits for another one publishes once", async () => {
  let held: Disposable | undefined;
  const time = fakeWait((pauses) => {
    if (pauses === 20) held?.[Symbol.dispose]();
  });
  await inFile(time.wait, async (broker, path) => {
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    held = { [Symbol.dispose]: () => other.close() };
    await broker.publish("t", [MESSAGE, MESSAGE]);
    assertEquals(time.pauses(), 20);
    assertEquals((await broker.topicOffsets("t")).map(({ end }) => end), [3n]);
  });
});

Deno.test("a lock that is never given is an error after ten seconds, all tries together", async () => {
  const writing = ["create a topic", "publish", "commit offsets", "delete old messages"];
  for (const name of writing) {
    const time = fakeWait();
    await inFile(time.wait, async (broker, path) => {
      using other = new DatabaseSync(path);
      other.exec("BEGIN IMMEDIATE");
      const failure = await assertRejects(async () => await CALLS[name]?.(broker), BrokerError);
      assertStringIncludes(failure.message, `in broker file "${path}": another process keeps it locked`);
      assertStringIncludes(failure.message, "within 10 seconds");
      assert(failure.retriable);
      assert(time.nowMs() >= 10_000 && time.nowMs() < 10_100, `${name}: ${time.nowMs()}`);
    });
  }
});

Deno.test("a file that is locked when it is opened is given up after ten seconds", async () => {
  const time = fakeWait();
  await inFile(time.wait, async (broker, path) => {
    await broker[Symbol.asyncDispose]();
    using _ = lock(path);
    const open = () => openEmbeddedBroker({ path, clock, lockWait: time.wait });
    const failure = await assertRejects(open, BrokerError);
    assertStringIncludes(failure.message, `"${path}": another process keeps it locked`);
    assert(time.nowMs() >= 10_000 && time.nowMs() < 10_100, `${time.nowMs()}`);
  });
});

Deno.test("a signal ends the wait at once, and the event loop turns meanwhile", async () => {
  const controller = new AbortController();
  const folder = await Deno.makeTempDir();
  const path = `${folder}/broker.db`;
  {
    await using broker = await openEmbeddedBroker({ path, clock, signal: controller.signal });
    await broker.ensureTopic("t", 1);
    using other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    // With the real wait: a broker that waits inside of SQLite would not let this timer run.
    setTimeout(() => controller.abort(), 0);
    await assertRejects(() => broker.publish("t", [MESSAGE]), BrokerError, "another process keeps it locked");
  }
  await Deno.remove(folder, { recursive: true });
});
