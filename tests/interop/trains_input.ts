/** The same trains and the same bad messages for every broker and every reader. */

import type { Broker } from "../../lib/broker/broker.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import type { Train } from "../../lib/train/train_schema.ts";
import type { PipelineFolder } from "./pipeline_folder.ts";
import { RECORDING, whyNoSharedData } from "./shared_data.ts";

const NOW_MS = Date.parse(RECORDING.fetchedAt);
const TOPIC = "digitraffic_live_trains";
const utf8 = new TextEncoder();

/** What must not stop a pipeline, by the key it goes under; keys choose the partition on any broker. */
const BAD_MESSAGES: Readonly<Record<string, Uint8Array | null>> = {
  "not json": utf8.encode("this is not a train"),
  tombstone: null,
  empty: new Uint8Array(0),
  "not utf-8": Uint8Array.of(0xff, 0xfe, 0x00, 0x41),
  "not a train": utf8.encode('["a", "list"]'),
  "wrong type": utf8.encode('{"trainNumber": "27", "departureDate": "2025-02-17"}'),
};

/** Publishes all trains: those of the recording, or simulated ones where there is none. */
export async function publishTrains(folder: PipelineFolder): Promise<void> {
  await replay(folder, (await readTrains()).map((train) => JSON.stringify(train)));
}

/** Publishes every tenth train again with a higher version, another track and its last leg less. */
export async function publishNewerTrains(folder: PipelineFolder): Promise<void> {
  const trains = (await readTrains()).filter((_, at) => at % 10 === 0);
  await replay(folder, trains.map((train) => JSON.stringify(newer(train))));
}

/** Publishes what no API should send. */
export async function publishBadMessages(broker: Broker): Promise<number> {
  const messages = Object.entries(BAD_MESSAGES).map(([key, value]) => ({
    key,
    value,
    headers: {},
    timestampMs: NOW_MS,
  }));
  await broker.ensureTopic(TOPIC, 3);
  await broker.publish(TOPIC, messages);
  return messages.length;
}

async function replay(folder: PipelineFolder, lines: readonly string[]): Promise<void> {
  const file = `${folder.path}/trains.ndjson`;
  await Deno.writeTextFile(file, lines.join("\n"));
  await folder.print("replay", ["--fetched-at", RECORDING.fetchedAt, file]);
}

async function readTrains(): Promise<readonly Train[]> {
  if (await whyNoSharedData() !== undefined) {
    return [...simulateTrains({ seed: 1, trains: 600, atMs: NOW_MS })];
  }
  using file = await Deno.open(RECORDING.path);
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).json();
}

function newer(train: Train): Train {
  const rows = train.timeTableRows;
  const shorter = rows.length > 3 ? rows.slice(0, -2) : rows;
  const timeTableRows = shorter.map((row) => ({ ...row, commercialTrack: "77" }));
  return { ...train, version: train.version + 1, timeTableRows };
}
