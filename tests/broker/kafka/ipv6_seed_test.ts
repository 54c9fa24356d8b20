import { assert, assertEquals } from "@std/assert";
import { readSeed, seedSocketFactory, writeSeed } from "../../../lib/broker/kafka/ipv6_seed.ts";

const ADDRESSES = [
  "[::1]:9092",
  "[2001:db8::ff00:42:8329]:19092",
  "[::ffff:192.0.2.1]:1",
  "localhost:9092",
  "a-b.c:1",
];

Deno.test({
  name: "an IPv6 address survives being cut at its first colon, as kafkajs does it",
  permissions: "none",
  fn() {
    for (const address of ADDRESSES) {
      const seed = writeSeed(address);
      assertEquals(seed.split(":").length, 2);
      assertEquals(readSeed(seed), address);
    }
  },
});

Deno.test({
  name: "a seed is connected to",
  permissions: { net: ["127.0.0.1"] },
  async fn() {
    const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const { port } = server.addr as Deno.NetAddr;
    const socket = seedSocketFactory({
      host: "127.0.0.1",
      port,
      ssl: undefined as never,
      onConnect: resolve,
    });
    const accepted = await server.accept();
    await promise;
    assert(socket.remotePort === port);
    const closed = Promise.withResolvers<void>();
    socket.on("close", () => closed.resolve());
    socket.destroy();
    await closed.promise;
    accepted.close();
    server.close();
  },
});
