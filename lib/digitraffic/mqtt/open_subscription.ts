/** One connection to a broker of MQTT, subscribed to all trains; when it ends, another one has to be opened. */
import { MqttClient } from "../../packages/mqtt.ts";
import { socketStream } from "../../packages/socket_stream.ts";
import { createPacketGuard } from "./packet_guard.ts";

/** Everything below it: the levels are date, number, category, type, operator, line, running, timetable type. */
const TOPIC = "trains/#";
/** Below the minute after which connections without traffic are dropped. */
const KEEP_ALIVE_SECONDS = 25;
/** What a broker answers with when it refuses a subscription. */
const REFUSED = 128;

/** Where to connect to, and who hears what comes. */
export interface SubscribeOptions {
  /** Address of a broker: ws or wss. */
  readonly url: string;
  /** Name of the client, for the operators of the broker. */
  readonly user: string;
  /** Different for each process: a broker has one connection for each. */
  readonly clientId: string;
  /** A larger packet ends the connection. */
  readonly maxPacketBytes: number;
  /** Hears each message; its memory is reused. `isRetained`: the broker had it before. */
  readonly onMessage: (payload: Uint8Array, isRetained: boolean) => void;
  /** Gives up before the subscription is there. */
  readonly signal: AbortSignal;
}

/** A connection that receives. */
export interface Subscription extends AsyncDisposable {
  /** Resolves with the reason when the connection is over. */
  readonly ended: Promise<Error>;
}

/** Opens a connection; rejects when there is none, or the broker refuses. */
export type Subscribe = (options: SubscribeOptions) => Promise<Subscription>;

/** Messages are received at most once (QoS 0): what is lost comes by REST. Topics are not read: payloads name trains. */
export async function openSubscription(options: SubscribeOptions): Promise<Subscription> {
  const { onMessage, signal } = options;
  signal.throwIfAborted();
  const client = openClient(options);
  const ended = endOf(client);
  client.on("message", (_topic, payload, { retain }) => onMessage(payload, retain));
  const close = () => void client.end(true);
  signal.addEventListener("abort", close, { once: true });
  try {
    await Promise.race([subscribe(client), ended.then((reason) => Promise.reject(reason))]);
    signal.throwIfAborted();
  } catch (error) {
    await closeClient(client);
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
  return { ended, [Symbol.asyncDispose]: () => closeClient(client) };
}

function openClient({ url, user, clientId, maxPacketBytes }: SubscribeOptions): MqttClient {
  const options = { protocols: ["mqtt"], headers: { "Digitraffic-User": user } };
  const socket = new WebSocket(url, options);
  const stream = socketStream(socket, { inspect: createPacketGuard(maxPacketBytes) });
  return new MqttClient(() => stream, {
    clientId,
    clean: true,
    protocolVersion: 4,
    keepalive: KEEP_ALIVE_SECONDS,
    // Whoever opens connections decides when the next one is due.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    timerVariant: "native",
  });
}

async function subscribe(client: MqttClient): Promise<void> {
  await new Promise<void>((resolve) => client.once("connect", () => resolve()));
  const [granted] = await client.subscribeAsync(TOPIC, { qos: 0 });
  if (granted === undefined || granted.qos === REFUSED) {
    throw new Error(`Cannot subscribe to "${TOPIC}": the broker refused`);
  }
}

/** The first reason counts; without one the broker has closed. */
function endOf(client: MqttClient): Promise<Error> {
  return new Promise((resolve) => {
    client.on("error", (error) => resolve(error instanceof Error ? error : new Error(String(error))));
    client.on("close", () => resolve(new Error("the broker closed the connection")));
    client.stream.on("error", resolve);
  });
}

async function closeClient(client: MqttClient): Promise<void> {
  await new Promise<void>((resolve) => client.end(true, {}, () => resolve()));
  client.stream.destroy();
}
