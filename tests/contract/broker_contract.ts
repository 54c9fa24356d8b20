/** One suite for every broker: a step for each promise of lib/broker/broker.ts, the same for all. */

import { assertEquals } from "@std/assert";

import type { Broker, LogRecord } from "../../lib/broker/broker.ts";
import { READ_PROMISES } from "./broker_read_promises.ts";
import { message, readAll, readChunks } from "./broker_topic.ts";
import { type OddRecord, oddRecords, readBack } from "./odd_records.ts";
import { WRITE_PROMISES } from "./broker_write_promises.ts";

/** Writes records into the one partition of a new topic, as a foreign producer does. */
export type PutOddRecords = (topic: string, records: readonly OddRecord[]) => Promise<void>;

/** Runs every promise as its own step, each on its own topic. The broker must take messages of 5 MB. */
export async function brokerContract(
  t: Deno.TestContext,
  openBroker: () => Promise<Broker>,
  putOddRecords: PutOddRecords,
): Promise<void> {
  await using broker = await openBroker();
  for (const [index, { name, check }] of [...WRITE_PROMISES, ...READ_PROMISES].entries()) {
    await t.step(name, () => check(broker, `contract-${index}`));
  }
  await t.step(
    "records of foreign producers are read, whatever their keys, headers and times are",
    () => readsOddRecords(broker, putOddRecords),
  );
  await t.step(
    "what was published is there for the next process",
    () => survivesReopening(broker, openBroker),
  );
}

async function readsOddRecords(broker: Broker, putOddRecords: PutOddRecords): Promise<void> {
  const topic = "contract-odd";
  const records = oddRecords(60);
  await putOddRecords(topic, records);
  const found = await readAll(broker, topic);
  assertEquals(found.length, records.length);
  for (const [index, record] of records.entries()) {
    const { offset: _, ...read } = found[index] ?? { offset: 0n };
    assertEquals(clamped(read), clamped(readBack(record)), `${index}`);
  }
}

/** Beyond 2^53 the brokers may round as they like. */
function clamped(record: Partial<LogRecord>): Partial<LogRecord> {
  const { timestampMs = NaN } = record;
  const isNear = Math.abs(timestampMs) < Number.MAX_SAFE_INTEGER;
  return isNear ? record : { ...record, timestampMs: Math.sign(timestampMs) * Infinity };
}

async function survivesReopening(broker: Broker, openBroker: () => Promise<Broker>): Promise<void> {
  const topic = "contract-reopened";
  await broker.ensureTopic(topic, 2);
  await broker.publish(topic, Array.from({ length: 10 }, (_, index) => message(`${index}`)));
  await broker.commitOffsets("reopened", topic, new Map([[1, 3n]]));
  await using next = await openBroker();
  assertEquals(await readChunks(next, topic), await readChunks(broker, topic));
  assertEquals(await next.committedOffsets("reopened", topic), new Map([[1, 3n]]));
}
