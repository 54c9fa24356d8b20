/** A process of its own that publishes to an embedded broker and prints what was acknowledged, for tests. */

import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";

const [path = "", name = "", publishes = "0", size = "1"] = Deno.args;
const value = new Uint8Array(Number(size)).fill(120);
await using broker = await openEmbeddedBroker({ path, clock: () => 1_739_766_060_000 });
await broker.ensureTopic("shared", 2);
for (let publish = 0; publish < Number(publishes); publish++) {
  const keys = [0, 1, 2].map((index) => `${name}-${publish}-${index}`);
  await broker.publish("shared", keys.map((key) => ({ key, value, headers: {} })));
  // Written before the next publish begins: what the reader of this line knows is acknowledged.
  Deno.stdout.writeSync(new TextEncoder().encode(`${publish}\n`));
}
