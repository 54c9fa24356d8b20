/** A proxy before a Kafka broker that can lose acknowledgements at will. */

const PRODUCE = 0;
const FRAME_HEAD_BYTES = 6;

/** A proxy that listens until it is disposed of. */
export interface KafkaProxy extends AsyncDisposable {
  /** Lets the next produce request through, loses its answer, and then refuses every connection. */
  loseNextAcknowledgement(): void;
  /** Breaks the connection after so many more bytes of answers, once, as a broker that dies while it sends. */
  cutAnswersAfter(bytes: number): void;
  /** How many connections were cut. */
  readonly cuts: number;
  /** Lets everything through again. */
  heal(): void;
  /** How many produce requests reached the broker without their answer coming back. */
  readonly lost: number;
}

type Mode = "pass" | "lose" | "refuse";

/** Listens on a loopback port and passes everything on to another. */
export function startProxy({ port, to }: { readonly port: number; readonly to: number }): KafkaProxy {
  return new LossyProxy(Deno.listen({ hostname: "127.0.0.1", port }), to);
}

class LossyProxy implements KafkaProxy {
  lost = 0;
  readonly #listener: Deno.Listener;
  readonly #to: number;
  readonly #open = new Set<Deno.Conn>();
  cuts = 0;
  #mode: Mode = "pass";
  #untilCut = Infinity;

  constructor(listener: Deno.Listener, to: number) {
    this.#listener = listener;
    this.#to = to;
    this.#serve();
  }

  loseNextAcknowledgement(): void {
    this.#mode = "lose";
  }

  cutAnswersAfter(bytes: number): void {
    this.#untilCut = bytes;
  }

  heal(): void {
    this.#mode = "pass";
    this.#untilCut = Infinity;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    return Promise.resolve();
  }

  async #serve(): Promise<void> {
    for await (const client of this.#listener) {
      if (this.#mode === "refuse") {
        close(client);
        continue;
      }
      const broker = await Deno.connect({ hostname: "127.0.0.1", port: this.#to });
      this.#open.add(client).add(broker);
      const link = { client, broker, loses: false };
      this.#passRequests(link);
      this.#passAnswers(link);
    }
  }

  async #passRequests(
    link: { readonly client: Deno.Conn; readonly broker: Deno.Conn; loses: boolean },
  ): Promise<void> {
    let waiting = new Uint8Array(0);
    await untilClosed(link.client, async (bytes) => {
      waiting = concat(waiting, bytes);
      for (let frame = firstFrame(waiting); frame !== undefined; frame = firstFrame(waiting)) {
        if (this.#mode === "lose" && new DataView(frame.buffer, frame.byteOffset).getInt16(4) === PRODUCE) {
          this.#mode = "refuse";
          link.loses = true;
        }
        waiting = waiting.slice(frame.length);
        await writeAll(link.broker, frame);
      }
    });
    close(link.broker);
  }

  async #passAnswers(
    link: { readonly client: Deno.Conn; readonly broker: Deno.Conn; loses: boolean },
  ): Promise<void> {
    await untilClosed(link.broker, async (bytes) => {
      if (!link.loses) return await this.#passOrCut(link, bytes);
      // The broker has answered, so the records are in its log; nobody will learn it.
      this.lost++;
      close(link.broker);
    });
    close(link.client);
  }

  async #passOrCut(
    { client, broker }: { readonly client: Deno.Conn; readonly broker: Deno.Conn },
    bytes: Uint8Array,
  ): Promise<void> {
    const passing = bytes.subarray(0, Math.min(bytes.length, this.#untilCut));
    this.#untilCut -= bytes.length;
    await writeAll(client, passing);
    if (this.#untilCut >= 0) return;
    this.#untilCut = Infinity;
    this.cuts++;
    close(client);
    close(broker);
  }
}

function firstFrame(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < FRAME_HEAD_BYTES) return undefined;
  const length = 4 + new DataView(bytes.buffer, bytes.byteOffset).getInt32(0);
  return bytes.length < length ? undefined : bytes.subarray(0, length);
}

async function untilClosed(from: Deno.Conn, pass: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
      await pass(buffer.slice(0, count));
    }
  } catch {
    // Either side went away; the other is closed next.
  }
}

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // Closed before.
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
