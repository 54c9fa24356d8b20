/** Trains for the benchmark as JSON lines: copies of the recording, or simulated ones where there is no recording. */

import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import type { Train } from "../../lib/train/train_schema.ts";
import { RECORDING, whyNoSharedData } from "../interop/shared_data.ts";

/** Makes lines by what they are for; the same call gives the same lines. */
export const TRAIN_LINES = {
  /** As many trains, all different in (departureDate, trainNumber). */
  copies: (trains: number) => limit(makeTrains(trains), trains),
  /** The first `trains` trains of one departure date of `of` copies again, each with the next version. */
  newer,
  /** One short train on each of so many departure dates: 0.8 MB per thousand. */
  dates: shortTrains,
  /** Messages of two bytes that are no trains. */
  tiny: (messages: number) => Array.from({ length: messages }, () => "{}"),
  /** Simulated trains, so many on each departure date. */
  spread,
  /** So many trains of one departure date, each in so many versions: all of the first, then all of the next. */
  versions,
} as const;

/** The recording spans two departure dates, so copies two days apart share none. */
const DAYS_APART = 2;
const DAY_MS = 86_400_000;
const DATE = /"(\d{4}-\d{2}-\d{2})(?=["T])/g;
const AT_MS = Date.parse(RECORDING.fetchedAt);

/** What the trains are made of, for the page that shows the results. */
export async function describeSource(): Promise<string> {
  const reason = await whyNoSharedData();
  return reason === undefined
    ? "the recorded answer of 2025-02-17, each copy two days after the one before"
    : `simulated trains (${reason})`;
}

async function* newer(trains: number, of: number): AsyncGenerator<string> {
  const byDate = new Map<string, Train[]>();
  for await (const line of TRAIN_LINES.copies(of)) {
    const train: Train = JSON.parse(line);
    const sameDate = byDate.get(train.departureDate) ?? [];
    byDate.set(train.departureDate, sameDate);
    sameDate.push(train);
    if (sameDate.length < trains) continue;
    yield* sameDate.map((old) => JSON.stringify({ ...old, version: old.version + 1 }));
    return;
  }
  throw new Error(
    `Cannot choose ${trains} trains of one departure date: found none with as many among ${of}`,
  );
}

async function* shortTrains(dates: number): AsyncGenerator<string> {
  for await (const line of TRAIN_LINES.copies(1)) {
    const train: Train = JSON.parse(line);
    const short = JSON.stringify({ ...train, timeTableRows: train.timeTableRows.slice(0, 2) });
    for (let day = 0; day < dates; day++) yield shiftDates(short, day);
  }
}

function* spread(trains: number, trainsPerDay: number): Generator<string> {
  for (const train of simulateTrains({ seed: 1, trains, trainsPerDay, atMs: AT_MS })) {
    yield JSON.stringify(train);
  }
}

function* versions(trains: number, count: number): Generator<string> {
  const first = [...simulateTrains({ seed: 1, trains, atMs: AT_MS })];
  for (let version = 0; version < count; version++) {
    for (const train of first) {
      // Simulated trains of one moment may be of two dates, as a day's first trains are shown before it.
      const moved = JSON.stringify({ ...train, version: train.version + version });
      yield moved.replaceAll(train.departureDate, "2025-02-17");
    }
  }
}

async function* makeTrains(trains: number): AsyncGenerator<string> {
  if (await whyNoSharedData() !== undefined) {
    yield* spread(trains, 2_500);
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
