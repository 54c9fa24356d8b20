/** A stand-in for one Kafka broker: it speaks as much of the protocol as reading needs, and misbehaves as a test wants. */

import { ByteReader } from "../../../lib/broker/kafka/wire/byte_reader.ts";
import { concat, int16, int32, int64 } from "./wire/encode_batch.ts";

const PRODUCE = 0;
const FETCH = 1;
const LIST_OFFSETS = 2;
const METADATA = 3;
const API_VERSIONS = 18;
const INIT_PRODUCER_ID = 22;
const DESCRIBE_CONFIGS = 32;
const VERSIONS = [[PRODUCE, 7], [FETCH, 11], [LIST_OFFSETS, 3], [METADATA, 6], [API_VERSIONS, 2], [
  INIT_PRODUCER_ID,
  1,
], [DESCRIBE_CONFIGS, 2]] as const;
const UNKNOWN_TOPIC = 3;
const EARLIEST = -2n;

/** One request that came in. */
export interface StandInRequest {
  readonly api: number;
  /** How many requests of this kind came before it. */
  readonly before: number;
}

/** What the stand-in holds, and how it misbehaves. */
export interface StandInOptions {
  /** Batches of the one partition of topic "t", in offset order, as `encodeBatch` makes them. */
  readonly batches: readonly Uint8Array[];
  readonly end: bigint;
  /** Answers with nothing, although there may be something. */
  readonly isEmpty?: (request: StandInRequest) => boolean;
  /** How many bytes of the answer are sent before the connection is closed; undefined for all. */
  readonly cutAt?: (request: StandInRequest, length: number) => number | undefined;
  /** An answer of other bytes, without their length. */
  readonly replace?: (request: StandInRequest) => Uint8Array | undefined;
  /** Says that the topic is not there, or that nobody is the controller. */
  readonly metadata?: (
    request: StandInRequest,
  ) => { readonly isMissing?: boolean; readonly controller?: number };
  /** The error number of a produce request; 0 for none. */
  readonly produceError?: (request: StandInRequest) => number;
  readonly configs?: Readonly<Record<string, string>>;
}

/** A listening stand-in. */
export class StandInBroker implements AsyncDisposable {
  readonly address: string;
  /** The requests so far, by kind. */
  readonly counts = new Map<number, number>();
  readonly #listener: Deno.TcpListener;
  readonly #options: StandInOptions;
  readonly #open = new Set<Deno.Conn>();
  readonly #serving: Promise<void>;

  constructor(options: StandInOptions) {
    this.#options = options;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.address = `127.0.0.1:${this.#listener.addr.port}`;
    this.#serving = this.#serve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const connections: Promise<void>[] = [];
    for await (const connection of this.#listener) connections.push(this.#answerAll(connection));
    await Promise.all(connections);
  }

  async #answerAll(connection: Deno.Conn): Promise<void> {
    this.#open.add(connection);
    try {
      for (let frame = await readFrame(connection); frame !== null; frame = await readFrame(connection)) {
        if (!await this.#answer(connection, frame)) break;
      }
    } catch {
      // The client went away.
    }
    close(connection);
  }

  async #answer(connection: Deno.Conn, frame: Uint8Array): Promise<boolean> {
    const reader = new ByteReader(frame);
    const api = reader.int16();
    reader.int16();
    const correlation = int32(reader.int32());
    reader.take(reader.int16());
    const request = { api, before: this.counts.get(api) ?? 0 };
    this.counts.set(api, request.before + 1);
    const body = concat([correlation, this.#options.replace?.(request) ?? this.#bodyOf(request, reader)]);
    const whole = concat([int32(body.length), body]);
    const cut = this.#options.cutAt?.(request, whole.length);
    await writeAll(connection, whole.subarray(0, cut));
    return cut === undefined;
  }

  #bodyOf(request: StandInRequest, reader: ByteReader): Uint8Array {
    const { configs = {} } = this.#options;
    switch (request.api) {
      case API_VERSIONS:
        return concat([
          int16(0),
          list(VERSIONS.map(([api, max]) => concat([int16(api), int16(0), int16(max)]))),
          int32(0),
        ]);
      case METADATA:
        return this.#metadata(request);
      case LIST_OFFSETS:
        return this.#offsets(reader);
      case DESCRIBE_CONFIGS:
        return concat([
          int32(0),
          list([
            concat([
              int16(0),
              int16(-1),
              Uint8Array.of(2),
              text("t"),
              list(Object.entries(configs).map(configOf)),
            ]),
          ]),
        ]);
      case INIT_PRODUCER_ID:
        return concat([int32(0), int16(0), int64(7n), int16(0)]);
      case PRODUCE:
        return this.#produce(request);
      default:
        return this.#fetch(request, reader);
    }
  }

  #metadata(request: StandInRequest): Uint8Array {
    const { isMissing = false, controller = 1 } = this.#options.metadata?.(request) ?? {};
    const broker = concat([int32(1), text("127.0.0.1"), int32(this.#listener.addr.port), int16(-1)]);
    const ids = list([int32(1)]);
    const partition = concat([int16(0), int32(0), int32(1), ids, ids, list([])]);
    const topic = [
      int16(isMissing ? UNKNOWN_TOPIC : 0),
      text("t"),
      Uint8Array.of(0),
      list(isMissing ? [] : [partition]),
    ];
    return concat([int32(0), list([broker]), int16(-1), int32(controller), list([concat(topic)])]);
  }

  #produce(request: StandInRequest): Uint8Array {
    const error = this.#options.produceError?.(request) ?? 0;
    const partition = concat([int32(0), int16(error), int64(0n), int64(-1n), int64(0n)]);
    return concat([list([concat([text("t"), list([partition])])]), int32(0)]);
  }

  #offsets(reader: ByteReader): Uint8Array {
    reader.take(4 + 1 + 4);
    reader.take(reader.int16());
    reader.take(4 + 4);
    const offset = reader.int64() === EARLIEST ? 0n : this.#options.end;
    return concat([
      int32(0),
      list([concat([text("t"), list([concat([int32(0), int16(0), int64(-1n), int64(offset)])])])]),
    ]);
  }

  #fetch(request: StandInRequest, reader: ByteReader): Uint8Array {
    reader.take(4 * 4 + 1 + 4 * 3);
    reader.take(reader.int16());
    reader.take(4 + 4 + 4);
    const from = reader.int64();
    const isEmpty = this.#options.isEmpty?.(request) ?? false;
    const found = isEmpty ? [] : this.#options.batches.filter((batch) => lastOffsetOf(batch) >= from);
    const bytes = concat(found);
    const partition = [
      int32(0),
      int16(0),
      int64(0n),
      int64(0n),
      int64(0n),
      int32(-1),
      int32(-1),
      int32(bytes.length),
      bytes,
    ];
    return concat([int32(0), int16(0), int32(0), list([concat([text("t"), list([concat(partition)])])])]);
  }
}

function configOf([name, value]: readonly [string, string]): Uint8Array {
  return concat([text(name), text(value), Uint8Array.of(0, 1, 0), list([])]);
}

function lastOffsetOf(batch: Uint8Array): bigint {
  const view = new DataView(batch.buffer, batch.byteOffset);
  return view.getBigInt64(0) + BigInt(view.getInt32(23));
}

function text(content: string): Uint8Array {
  const bytes = new TextEncoder().encode(content);
  return concat([int16(bytes.length), bytes]);
}

function list(entries: readonly Uint8Array[]): Uint8Array {
  return concat([int32(entries.length), ...entries]);
}

async function readFrame(connection: Deno.Conn): Promise<Uint8Array | null> {
  const head = await readWhole(connection, 4);
  return head && await readWhole(connection, new DataView(head.buffer).getInt32(0));
}

async function readWhole(connection: Deno.Conn, length: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await connection.read(bytes.subarray(at));
    if (count === null) return null;
    at += count;
  }
  return bytes;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // Closed before.
  }
}
