/** A real MQTT broker on the loopback interface, over WebSockets as the API has it. */
import { Buffer } from "node:buffer";
import { Aedes } from "../../packages/aedes.ts";
import { socketStream } from "../../packages/socket_stream.ts";
import { listen } from "../listen.ts";

const path = "/mqtt";

/** A running broker. */
export interface MqttBroker extends AsyncDisposable {
  /** Address, to be used as MQTT_URL. */
  readonly url: string;
  /** Number of connections so far. */
  readonly connections: number;
  /** Resolves when all who are subscribed were sent it. */
  publish(
    topic: string,
    payload: string | Uint8Array,
    options?: { readonly retain?: boolean },
  ): Promise<void>;
  /** Ends all connections, as a broker does that is started anew. */
  drop(): void;
  /** Resolves when there were so many subscriptions in all. */
  subscribed(count: number): Promise<void>;
}

/** Options of {@linkcode serveMqtt}. */
export interface MqttBrokerOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Ends connections as soon as they are there. Asked for each. */
  readonly isRefusing?: () => boolean;
}

/** Nobody has to sign in, and messages of clients go to all, as in any broker: it is for tests. */
export async function serveMqtt({ port = 0, isRefusing }: MqttBrokerOptions = {}): Promise<MqttBroker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<WebSocket>();
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let connections = 0;
  let subscriptions = 0;
  broker.on("subscribe", () => {
    subscriptions++;
    for (const { count, resolve } of waiting) if (subscriptions >= count) resolve();
  });
  const server = listen(port, (request) => {
    if (new URL(request.url).pathname !== path || request.headers.get("upgrade") !== "websocket") {
      return new Response("Not Found", { status: 404 });
    }
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "mqtt" });
    connections++;
    sockets.add(socket);
    socket.addEventListener("close", () => sockets.delete(socket));
    if (isRefusing?.() === true) socket.addEventListener("open", () => socket.close());
    else broker.handle(socketStream(socket));
    return response;
  });
  return {
    url: `ws://127.0.0.1:${server.port}${path}`,
    get connections() {
      return connections;
    },
    publish: (topic, payload, { retain = false } = {}) => publish(broker, { topic, payload, retain }),
    drop: () => {
      for (const socket of sockets) socket.close();
    },
    subscribed: async (count) => {
      if (subscriptions >= count) return;
      await new Promise<void>((resolve) => waiting.push({ count, resolve }));
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.close();
      await server.close();
    },
  };
}

async function publish(
  broker: Aedes,
  message: { readonly topic: string; readonly payload: string | Uint8Array; readonly retain: boolean },
): Promise<void> {
  const { topic, retain } = message;
  const payload = Buffer.from(message.payload);
  await new Promise<void>((resolve, reject) => {
    broker.publish(
      { cmd: "publish", topic, payload, retain, qos: 0, dup: false },
      (error) => error ? reject(error) : resolve(),
    );
  });
}
