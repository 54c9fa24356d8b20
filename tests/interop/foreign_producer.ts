/** Writes to Kafka what no client library would let us write: odd keys, headers and times, byte by byte. */

import { Kafka, logLevel } from "kafkajs";

import { concat, encodeBatch, int16, int32 } from "../broker/kafka/wire/encode_batch.ts";
import type { OddRecord } from "../contract/odd_records.ts";

const FAR_MS = String(2n ** 63n - 1n);
const PRODUCE = 0;
const PRODUCE_VERSION = 3;
const CHECKSUM_POSITION = 17;

/** Into a new topic of one partition that takes any time. */
export async function produceOddRecords(
  address: string,
  topic: string,
  records: readonly OddRecord[],
): Promise<void> {
  const admin = new Kafka({ brokers: [address], clientId: "other", logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = ["message.timestamp.after.max.ms", "message.timestamp.before.max.ms"]
    .map((name) => ({ name, value: FAR_MS }));
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }], waitForLeaders: true });
  await admin.disconnect();
  const [hostname = "", port] = address.split(":");
  using connection = await Deno.connect({ hostname, port: Number(port) });
  // One batch each, so that each may have a time far from the others.
  for (const record of records) await produce(connection, topic, withChecksum(encodeBatch([record])));
}

async function produce(connection: Deno.Conn, topic: string, batch: Uint8Array): Promise<void> {
  const partition = concat([int32(0), int32(batch.length), batch]);
  const data = concat([int32(1), text(topic), int32(1), partition]);
  // No transaction, acknowledged by all, within ten seconds.
  const body = concat([int16(-1), int16(-1), int32(10_000), data]);
  const request = concat([int16(PRODUCE), int16(PRODUCE_VERSION), int32(1), text("other"), body]);
  await writeAll(connection, concat([int32(request.length), request]));
  const head = await readWhole(connection, 4);
  const answer = await readWhole(connection, new DataView(head.buffer).getInt32(0));
  // The number of the request, one topic with its name, one partition.
  const error = new DataView(answer.buffer).getInt16(4 + 4 + 2 + topic.length + 4 + 4);
  if (error !== 0) throw new Error(`the broker refused a record with error ${error}`);
}

function text(content: string): Uint8Array {
  const bytes = new TextEncoder().encode(content);
  return concat([int16(bytes.length), bytes]);
}

function withChecksum(batch: Uint8Array): Uint8Array {
  new DataView(batch.buffer).setUint32(CHECKSUM_POSITION, crc32c(batch.subarray(CHECKSUM_POSITION + 4)));
  return batch;
}

/** CRC-32C, bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1));
  }
  return ~crc >>> 0;
}

async function readWhole(connection: Deno.Conn, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await connection.read(bytes.subarray(at));
    if (count === null) throw new Error("the broker closed the connection");
    at += count;
  }
  return bytes;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
