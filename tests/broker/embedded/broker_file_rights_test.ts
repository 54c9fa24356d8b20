/** A broker's file whose process has the right to it alone, as the launcher gives it for BROKER_FILE. */
import { assertEquals, assertRejects } from "@std/assert";
import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { BrokerError } from "../../../lib/errors.ts";

const ROOT = await Deno.makeTempDir();
const FILE = `${ROOT}/trains.db`;
const BELOW = `${ROOT}/new/trains.db`;
const clock = () => 0;

globalThis.addEventListener("unload", () => Deno.removeSync(ROOT, { recursive: true }));

Deno.test({
  name: "the right to the file alone is enough in a folder that is there, and is told where it is not",
  permissions: { read: [FILE, BELOW], write: [FILE, BELOW] },
  async fn() {
    await using broker = await openEmbeddedBroker({ path: FILE, clock });
    await broker.ensureTopic("trains", 1);
    assertEquals((await broker.topicOffsets("trains")).length, 1);
    await assertRejects(() => openEmbeddedBroker({ path: BELOW, clock }), BrokerError, BELOW);
  },
});
