/** The feed against a real MQTT broker on the loopback interface: connections, payloads, ends. */
import { assertEquals, assertRejects } from "@std/assert";
import { MqttFeed } from "../../../lib/digitraffic/mqtt/mqtt_feed.ts";
import { openSubscription, type SubscribeOptions } from "../../../lib/digitraffic/mqtt/open_subscription.ts";
import { type MqttBroker, serveMqtt } from "../../../lib/simulator/mqtt/serve_mqtt.ts";

const RIGHTS: Deno.PermissionOptions = { net: ["127.0.0.1"], env: true };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Options of a subscription, and the messages that it hears, each waited for. */
function listener(broker: Pick<MqttBroker, "url">, more: Partial<SubscribeOptions> = {}) {
  const heard: { readonly text: string; readonly isRetained: boolean }[] = [];
  let wake = () => {};
  const options: SubscribeOptions = {
    url: broker.url,
    ...{ user: "test/1", clientId: "ratalake-test", maxPacketBytes: 100_000 },
    onMessage: (payload, isRetained) => {
      heard.push({ text: text(payload), isRetained });
      wake();
    },
    signal: new AbortController().signal,
    ...more,
  };
  const until = async (count: number) => {
    while (heard.length < count) await new Promise<void>((resolve) => wake = resolve);
    return heard;
  };
  return { options, until };
}

Deno.test({
  name:
    "all below trains/ is received, whatever the topic says, with its bytes; retained messages are marked",
  permissions: RIGHTS,
  fn: async () => {
    await using broker = await serveMqtt();
    await broker.publish("trains/2025-02-17/1///////", '{"version":1}', { retain: true });
    const { options, until } = listener(broker);
    await using _ = await openSubscription(options);
    await until(1);
    await broker.publish("train-locations/2025-02-17/1", "not asked for");
    await broker.publish("trains", "the level above");
    await broker.publish("trains/../../etc/passwd/\u00e4/$SYS", "not { JSON");
    await broker.publish("trains/x", new Uint8Array());
    assertEquals(await until(4), [
      { text: '{"version":1}', isRetained: true },
      { text: "the level above", isRetained: false },
      { text: "not { JSON", isRetained: false },
      { text: "", isRetained: false },
    ]);
  },
});

Deno.test({
  name: "a connection that is dropped, or announces too large a packet, ends with its reason",
  permissions: RIGHTS,
  fn: async () => {
    await using broker = await serveMqtt();
    const first = await openSubscription(listener(broker).options);
    broker.drop();
    assertEquals((await first.ended).message, "the broker closed the connection");
    await first[Symbol.asyncDispose]();
    await using second = await openSubscription(listener(broker, { maxPacketBytes: 1_000 }).options);
    await broker.publish("trains/x", "x".repeat(2_000));
    assertEquals(/announces 20\d\d bytes, expected at most 1000/.test((await second.ended).message), true);
  },
});

Deno.test({
  name:
    "a broker that is away, no broker at all, and one that closes at once are refusals, and so is a signal",
  permissions: RIGHTS,
  fn: async () => {
    const away = await serveMqtt();
    await away[Symbol.asyncDispose]();
    await assertRejects(() => openSubscription(listener(away).options), Error);
    await using web = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      () => new Response("hello"),
    );
    const url = `ws://127.0.0.1:${web.addr.port}/mqtt`;
    await assertRejects(() => openSubscription(listener({ url }).options), Error);
    await using closing = await serveMqtt({ isRefusing: () => true });
    await assertRejects(() => openSubscription(listener(closing).options), Error);
    // Takes the connection and never says a word.
    await using silent = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "mqtt" });
      socket.onmessage = () => giveUp.abort(new Error("too long"));
      return response;
    });
    const giveUp = new AbortController();
    const { options } = listener({ url: `ws://127.0.0.1:${silent.addr.port}/mqtt` }, {
      signal: giveUp.signal,
    });
    await assertRejects(() => openSubscription(options), Error, "too long");
  },
});

Deno.test({
  name: "a broker that refuses the subscription is a refusal, and its connection is closed",
  permissions: RIGHTS,
  fn: async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "mqtt" });
      socket.binaryType = "arraybuffer";
      socket.onclose = () => resolve();
      socket.onmessage = ({ data }) => {
        const [type, , high = 0, low = 0] = new Uint8Array(data);
        if (type === 0x10) socket.send(Uint8Array.of(0x20, 2, 0, 0));
        if (type === 0x82) socket.send(Uint8Array.of(0x90, 3, high, low, 0x80));
      };
      return response;
    });
    const { options } = listener({ url: `ws://127.0.0.1:${server.addr.port}/mqtt` });
    await assertRejects(() => openSubscription(options), Error);
    await closed;
  },
});

Deno.test({
  name: "bytes that are no MQTT end the connection and nothing else",
  permissions: RIGHTS,
  fn: async () => {
    for (
      const bytes of [[0xff, 0xff, 0xff, 0xff, 0xff], [0x00, 0x00], [
        0x20,
        0x02,
        0x00,
        0x00,
        0x30,
        0x01,
        0x00,
      ]]
    ) {
      await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
        const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "mqtt" });
        socket.onmessage = () => {
          if (socket.readyState !== WebSocket.OPEN) return;
          socket.send(Uint8Array.from(bytes));
          socket.close();
        };
        return response;
      });
      const { options } = listener({ url: `ws://127.0.0.1:${server.addr.port}/mqtt` });
      await assertRejects(() => openSubscription(options), Error);
    }
  },
});

Deno.test({
  name: "a feed connects again by itself, and what is published from then on arrives in the form of REST",
  permissions: RIGHTS,
  fn: async () => {
    await using broker = await serveMqtt();
    let nowMs = 0;
    await using feed = new MqttFeed({
      ...{ url: broker.url, user: "test/1", clientId: "ratalake-test", subscribe: openSubscription },
      ...{ clock: () => 7, monotonic: () => nowMs, random: () => 0 },
      // Waits for connections pass at once; others, that are for trouble, only when they are over.
      sleep: (milliseconds, signal) => {
        if (milliseconds <= 2_000) {
          nowMs += milliseconds;
          return Promise.resolve();
        }
        return new Promise((_, reject) =>
          signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
        );
      },
    });
    const train = (version: number) =>
      `{"trainNumber":1,"departureDate":"2025-02-17","trainType":"Unknown","version":${version},` +
      '"timetableAcceptanceDate":"2024-10-31T06:14:29Z"}';
    for (const version of [1, 2, 3]) {
      await broker.subscribed(version);
      await broker.publish("trains/2025-02-17/1", train(version));
      const taken = [];
      while (taken.length === 0) {
        await feed.news();
        taken.push(...feed.take());
      }
      assertEquals(taken.map(({ bytes }) => text(bytes)), [
        `{"trainNumber":1,"departureDate":"2025-02-17","trainType":null,"version":${version},` +
        '"timetableAcceptanceDate":"2024-10-31T06:14:29.000Z"}',
      ]);
      assertEquals(taken.map(({ receivedMs }) => receivedMs), [7]);
      const turnTo = async (isHealthy: boolean) => {
        while (feed.isHealthy !== isHealthy) {
          feed.take();
          await feed.news();
        }
      };
      // A message may come before the answer to the subscription does.
      await turnTo(true);
      broker.drop();
      await turnTo(false);
    }
    assertEquals(feed.figures.reconnects, 2);
  },
});
