/** What becomes of a log whose files or locks are taken away while it is open: nothing is lost in silence. */
import { assert, assertEquals, assertRejects } from "@std/assert";

import type { Broker } from "../../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { brokerFiles } from "../../../lib/broker/embedded/opened_files.ts";
import { BrokerError } from "../../../lib/errors.ts";

const PROCESS = new URL("./publish_process.ts", import.meta.url).pathname;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
const ROOT = await Deno.makeTempDir();
const RIGHTS = { read: [ROOT], write: [ROOT], run: [Deno.execPath()] };
const clock = () => 1_739_766_060_000;

globalThis.addEventListener("unload", () => Deno.removeSync(ROOT, { recursive: true }));

Deno.test({
  name: "a log that is opened and closed again beside an open one leaves this one its locks",
  permissions: RIGHTS,
  async fn() {
    const path = await newPath();
    await using first = await openEmbeddedBroker({ path, clock });
    await first.ensureTopic("shared", 2);
    await publish(first, "before");
    for (const isReadOnly of [false, true]) {
      const second = await openEmbeddedBroker({ path, clock, isReadOnly });
      await second.topicOffsets("shared");
      await second[Symbol.asyncDispose]();
    }
    const wal = (await Deno.stat(`${path}-wal`)).ino;
    await publishElsewhere(path, "elsewhere");
    // The last one to close a log deletes its -wal: the other process has seen that it is not the last one.
    assertEquals((await Deno.stat(`${path}-wal`)).ino, wal);
    await publish(first, "after");
    await publishElsewhere(path, "again");
    assertEquals(
      await keysOf(path),
      ["after", "again-0-0", "again-0-1", "again-0-2", "before"].concat(
        ["elsewhere-0-0", "elsewhere-0-1", "elsewhere-0-2"],
      ),
    );
  },
});

Deno.test({
  name:
    "a publish is refused, never lost, when the process has given up its locks and another one took the log",
  permissions: RIGHTS,
  async fn() {
    const path = await newPath();
    const acknowledged = ["before"];
    {
      await using broker = await openEmbeddedBroker({ path, clock });
      await broker.ensureTopic("shared", 2);
      await publish(broker, "before");
      // Closing a file gives up all locks that this process has on it.
      for (const file of brokerFiles(path)) await Deno.readFile(file);
      await publishElsewhere(path, "elsewhere");
      const isTaken = await publish(broker, "after").then(() => true, (error) => {
        assert(error instanceof BrokerError && error.message.includes("start again"), String(error));
        return false;
      });
      if (isTaken) acknowledged.push("after");
    }
    await publishElsewhere(path, "last");
    const keys = await keysOf(path);
    for (const key of [...acknowledged, "elsewhere-0-2", "last-0-2"]) assert(keys.includes(key), key);
  },
});

Deno.test({
  name:
    "nothing is acknowledged when somebody deletes or replaces the log while it is open, and the new one is left alone",
  permissions: RIGHTS,
  async fn() {
    const path = await newPath();
    const broker = await openEmbeddedBroker({ path, clock });
    await broker.ensureTopic("shared", 2);
    await publish(broker, "before");
    for (const file of brokerFiles(path)) await Deno.remove(file);
    await assertRefusesAll(broker);
    await publishElsewhere(path, "new");
    await assertRefusesAll(broker);
    // SQLite deletes the -wal of this name when it closes the last connection to a file.
    await using other = await openEmbeddedBroker({ path, clock });
    await publish(other, "other");
    await broker[Symbol.asyncDispose]();
    await publish(other, "kept");
    assertEquals(await keysOf(path), ["kept", "new-0-0", "new-0-1", "new-0-2", "other"]);
  },
});

Deno.test({
  name: "nothing is acknowledged when somebody deletes the -wal alone",
  permissions: RIGHTS,
  async fn() {
    const path = await newPath();
    await using broker = await openEmbeddedBroker({ path, clock });
    await broker.ensureTopic("shared", 2);
    await Deno.remove(`${path}-wal`);
    await assertRefusesAll(broker);
  },
});

/** Every call that writes. */
async function assertRefusesAll(broker: Awaited<ReturnType<typeof openEmbeddedBroker>>): Promise<void> {
  const calls = [
    () => publish(broker, "after"),
    () => broker.ensureTopic("other", 1),
    () => broker.commitOffsets("group", "shared", new Map([[0, 0n]])),
    () => broker.forget("shared", { before: new Map(), olderThanMs: 0 }),
    () => broker.applyRetention("shared", {}),
  ];
  for (const call of calls) await assertRejects(async () => void await call(), BrokerError, "start again");
}

async function publish(broker: Broker, key: string): Promise<void> {
  await broker.publish("shared", [{ key, value: new Uint8Array([123, 125]), headers: {} }]);
}

/** Opens, publishes and closes in another process. */
async function publishElsewhere(path: string, name: string): Promise<void> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const rights = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--config", CONFIG, ...rights, PROCESS, path, name, "1"],
    stdin: "null",
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
}

async function keysOf(path: string): Promise<readonly string[]> {
  await using broker = await openEmbeddedBroker({ path, clock, isReadOnly: true });
  const offsets = await broker.topicOffsets("shared");
  const ranges = offsets.map(({ partition, earliest, end }) => ({ partition, from: earliest, to: end }));
  const chunks = await Array.fromAsync(broker.read("shared", ranges));
  return chunks.flatMap(({ records }) => records.map(({ key }) => key ?? "")).sort();
}

async function newPath(): Promise<string> {
  return `${await Deno.makeTempDir({ dir: ROOT })}/broker.db`;
}
