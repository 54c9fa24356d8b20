import { assert, assertEquals } from "@std/assert";

import type { Broker } from "../../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";

const PROCESS = new URL("./publish_process.ts", import.meta.url).pathname;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
const clock = () => 1_739_766_060_000;

Deno.test("several processes that open a new file and publish at once lose nothing and leave no gap", async () => {
  await inFolder(async (path) => {
    const children = ["a", "b", "c", "d"].map((name) => publishProcess([path, name, "15"]).output());
    const results = await Promise.all(children);
    assertEquals(results.map(({ stderr }) => new TextDecoder().decode(stderr)), ["", "", "", ""]);
    assertEquals(results.map(({ code }) => code), [0, 0, 0, 0]);
    await using broker = await openEmbeddedBroker({ path, clock });
    const keys = await readKeys(broker);
    assertEquals([keys.length, new Set(keys).size], [180, 180]);
    const offsets = await broker.topicOffsets("shared");
    assertEquals(offsets.reduce((sum, { end }) => sum + end, 0n), 180n);
  });
});

Deno.test("a process that is killed while it publishes loses nothing acknowledged and halves nothing", async () => {
  await inFolder(async (path) => {
    for (let round = 0; round < 3; round++) {
      const acknowledged = await killAfter(10 + 3 * round, [path, `round${round}`, "100000", "20000"]);
      await using broker = await openEmbeddedBroker({ path, clock });
      const found = new Set(await readKeys(broker));
      for (let publish = 0; publish <= acknowledged; publish++) {
        for (const index of [0, 1, 2]) assert(found.has(`round${round}-${publish}-${index}`));
      }
      // One publish is one transaction: its three messages are there together or not at all.
      assertEquals(found.size % 3, 0);
    }
  });
});

/** Starts a publisher, kills it once it has acknowledged this many publishes, and returns the last one it acknowledged. */
async function killAfter(count: number, args: readonly string[]): Promise<number> {
  const child = publishProcess(args).spawn();
  let last = -1;
  let killed = false;
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    last = text.split("\n").length - 2;
    if (last < count || killed) continue;
    child.kill("SIGKILL");
    killed = true;
  }
  const { signal } = await child.status;
  await child.stderr.cancel();
  assertEquals(signal, "SIGKILL");
  return last;
}

function publishProcess(args: readonly string[]): Deno.Command {
  const [path = ""] = args;
  const folder = path.slice(0, path.lastIndexOf("/"));
  const rights = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--config", CONFIG, ...rights, PROCESS, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function readKeys(broker: Broker): Promise<readonly string[]> {
  const offsets = await broker.topicOffsets("shared");
  const ranges = offsets.map(({ partition, earliest, end }) => ({ partition, from: earliest, to: end }));
  const chunks = await Array.fromAsync(broker.read("shared", ranges));
  return chunks.flatMap(({ records }) => records.map(({ key }) => key ?? ""));
}

async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(`${folder}/broker.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
