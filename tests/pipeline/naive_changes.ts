/**
 * What messages say of those before them, as a reader would explain it: one message after the other, plain objects, no
 * batches, no columns. Trains lie in one partition.
 */
import type { Message } from "../../lib/broker/broker.ts";

// deno-lint-ignore no-explicit-any -- JSON as it comes
type Train = any;
interface Seen {
  readonly train: Train;
  readonly writtenMs: number;
  readonly epoch: number;
}

/** Minutes ahead up to which, and how many minutes off may be. */
const TOLERANCES = [["0-3", 3, -1, 1], ["3-6", 6, -1.5, 2], ["6-12", 12, -2.5, 3.5], [
  "12-30",
  30,
  -4,
  6,
]] as const;

/** The measures of the messages, but for those of when they were processed. */
export function naiveMeasures(messages: readonly Message[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const count = (name: string, n = 1) => {
    if (n > 0) counts[name] = (counts[name] ?? 0) + n;
  };
  const bin = (name: string, ms: number) => count(`${name}.${ms > 1 ? Math.floor(4 * Math.log2(ms)) : 0}`);
  const held = new Map<string, Seen>(), contents = new Set<string>();
  let newestPoll: number | null = null;
  for (const { value, headers, timestampMs: writtenMs = 0 } of messages) {
    count("messages");
    const text = new TextDecoder().decode(value ?? undefined);
    const fetchedMs = Date.parse(headers.fetchedAt ?? "");
    const took = writtenMs - fetchedMs;
    if (took >= -120_000 && took <= 86_400_000) bin("publishing", took);
    if (took >= -120_000 && took <= 300_000 && !(fetchedMs <= (newestPoll ?? -Infinity))) {
      if (newestPoll !== null) bin("polls", fetchedMs - newestPoll);
      newestPoll = fetchedMs;
    }
    const train: Train = JSON.parse(text);
    const id = `${train.departureDate}/${train.trainNumber}`, before = held.get(id);
    const epoch = Number(headers.sourceEpoch ?? 0);
    if (before !== undefined && epoch < before.epoch) {
      // What comes late of a count that is over says nothing.
    } else if (before !== undefined && before.epoch === epoch && before.train.version > train.version) {
      if (!contents.has(text) && !(fetchedMs <= before.writtenMs)) count("messages.backwards");
    } else {
      const isNewer = before?.epoch === epoch && before.train.version < train.version;
      if (before !== undefined && isNewer && train.deleted !== true) {
        compare(before, train, Number.isNaN(fetchedMs) ? writtenMs : fetchedMs, { count, bin });
      }
      const isSame = before?.epoch === epoch && before.train.version === train.version && contents.has(text);
      if (!isSame) held.set(id, { train, writtenMs, epoch });
    }
    contents.add(text);
  }
  return counts;
}

interface Counters {
  readonly count: (name: string, n?: number) => void;
  readonly bin: (name: string, ms: number) => void;
}

function compare({ train, writtenMs }: Seen, newer: Train, seenMs: number, { count, bin }: Counters): void {
  let vanished = 0, moved = 0, gone = 0;
  for (const [row, match] of pairs(train.timeTableRows, newer.timeTableRows)) {
    if (match === null) gone++;
    else if (row.actualTime && !match.actualTime) vanished++;
    else if (row.actualTime && Math.abs(ms(row.actualTime) - ms(match.actualTime)) > 60_000) moved++;
    else if (!row.actualTime && match.actualTime) {
      const lag = seenMs - ms(match.actualTime);
      if (lag >= -120_000 && lag <= 86_400_000) bin("lag", lag);
      const ahead = (ms(row.liveEstimateTime) - writtenMs) / 60_000;
      const off = (ms(match.actualTime) - ms(row.liveEstimateTime)) / 60_000;
      const tolerance = TOLERANCES.find(([, to]) => ahead >= 0 && ahead < to);
      if (tolerance === undefined) continue;
      const [name, , early, late] = tolerance;
      count(`estimates.${name}`);
      if (off < early || off > late) count(`off.${name}`);
    }
  }
  count("versions");
  if (vanished + moved + gone > 0) count("versions.revised");
  count("actualTime.vanished", vanished);
  count("actualTime.moved", moved);
  count("rows.vanished", gone);
}

/** Each row with the one that it is in the newer version: by station, type and time; else the next of its stop. */
function pairs(older: readonly Train[], newer: readonly Train[]): readonly (readonly [Train, Train])[] {
  const stop = (row: Train) => `${row.stationUICCode} ${row.type}`;
  const left = new Set(newer);
  const match = new Map<Train, Train>();
  const take = (row: Train, found: Train) => {
    if (found === undefined) return;
    match.set(row, found);
    left.delete(found);
  };
  for (const row of older) {
    take(
      row,
      newer.find((n) =>
        left.has(n) && stop(n) === stop(row) && ms(n.scheduledTime) === ms(row.scheduledTime)
      ),
    );
  }
  let next = 0;
  for (const row of older) {
    const inTurn = [...newer.slice(next), ...newer.slice(0, next)];
    if (!match.has(row)) take(row, inTurn.find((n) => left.has(n) && stop(n) === stop(row)));
    if (match.has(row)) next = newer.indexOf(match.get(row)) + 1;
  }
  return older.map((row) => [row, match.get(row) ?? null]);
}

function ms(time: string | undefined): number {
  return time === undefined ? NaN : Date.parse(time);
}
