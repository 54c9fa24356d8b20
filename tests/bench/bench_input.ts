/** Trains for the benchmark: copies of the recording, or simulated ones where there is no recording. */

import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import type { Train } from "../../lib/train/train_schema.ts";
import { RECORDING, whyNoSharedData } from "../interop/shared_data.ts";

/** Trains as JSON lines. */
export interface BenchInput {
  readonly path: string;
  readonly trains: number;
  readonly rows: number;
  readonly sizeBytes: number;
}

/** What to write. */
export interface InputOptions {
  readonly folder: string;
  readonly trains: number;
}

/** The recording spans two departure dates, so copies two days apart share none. */
const DAYS_APART = 2;
const DAY_MS = 86_400_000;
const CHUNK_CHARACTERS = 4_000_000;
const DATE = /"(\d{4}-\d{2}-\d{2})(?=["T])/g;

/** What the trains are made of, for the page that shows the results. */
export async function describeSource(): Promise<string> {
  const reason = await whyNoSharedData();
  return reason === undefined
    ? "the recorded answer of 2025-02-17, each copy two days after the one before"
    : `simulated trains (${reason})`;
}

/** Writes that many trains, all different in (departureDate, trainNumber). */
export async function writeInput({ folder, trains }: InputOptions): Promise<BenchInput> {
  return await writeLines(`${folder}/trains-${trains}.ndjson`, limit(makeTrains(trains), trains));
}

/** Writes the first `trains` trains of one departure date again, each with the next version. */
export async function writeNewerInput(
  { folder, trains, of }: InputOptions & { readonly of: number },
): Promise<BenchInput> {
  const byDate = new Map<string, Train[]>();
  for await (const line of limit(makeTrains(of), of)) {
    const train: Train = JSON.parse(line);
    const sameDate = byDate.get(train.departureDate) ?? [];
    byDate.set(train.departureDate, sameDate);
    sameDate.push(train);
    if (sameDate.length < trains) continue;
    const newer = sameDate.map((old) => JSON.stringify({ ...old, version: old.version + 1 }));
    return await writeLines(`${folder}/newer-${trains}-of-${of}.ndjson`, newer);
  }
  throw new Error(
    `Cannot choose ${trains} trains of one departure date: found none with as many among ${of}`,
  );
}

async function* makeTrains(trains: number): AsyncGenerator<string> {
  if (await whyNoSharedData() !== undefined) {
    const atMs = Date.parse(RECORDING.fetchedAt);
    for (const train of simulateTrains({ seed: 1, trains, atMs })) yield JSON.stringify(train);
    return;
  }
  const recorded = await readRecording();
  for (let copy = 0; copy * recorded.length < trains; copy++) {
    for (const line of recorded) yield shiftDates(line, copy * DAYS_APART);
  }
}

async function readRecording(): Promise<readonly string[]> {
  using file = await Deno.open(RECORDING.path);
  const trains: readonly Train[] = await new Response(
    file.readable.pipeThrough(new DecompressionStream("gzip")),
  ).json();
  return trains.map((train) => JSON.stringify(train));
}

/** Moves the departure date and every time. */
function shiftDates(line: string, days: number): string {
  return days === 0 ? line : line.replace(DATE, (_, date: string) => `"${shiftDate(date, days)}`);
}

const shifted = new Map<string, string>();

function shiftDate(date: string, days: number): string {
  const key = `${date}+${days}`;
  const known = shifted.get(key);
  if (known !== undefined) return known;
  const moved = new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
  shifted.set(key, moved);
  return moved;
}

async function* limit(lines: AsyncIterable<string>, count: number): AsyncGenerator<string> {
  let at = 0;
  for await (const line of lines) {
    if (at++ === count) return;
    yield line;
  }
}

async function writeLines(
  path: string,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<BenchInput> {
  using file = await Deno.create(path);
  const writer = file.writable.getWriter();
  const sums = { trains: 0, rows: 0, sizeBytes: 0 };
  let text = "";
  for await (const line of lines) {
    sums.trains++;
    // Every row, and nothing else, has this key.
    sums.rows += line.split('"scheduledTime":').length - 1;
    text += `${line}\n`;
    if (text.length < CHUNK_CHARACTERS) continue;
    sums.sizeBytes += await write(writer, text);
    text = "";
  }
  sums.sizeBytes += await write(writer, text);
  return { path, ...sums };
}

async function write(writer: WritableStreamDefaultWriter<Uint8Array>, text: string): Promise<number> {
  const bytes = new TextEncoder().encode(text);
  await writer.write(bytes);
  return bytes.length;
}
