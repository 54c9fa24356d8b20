/** Where trains are at the moment, out of rows of the standard table: on which leg, since when, until when. Pure. */
import type { Columns } from "../../delta/mod.ts";
import { kindOf, lateFromSeconds, type TrainKind } from "../../tables/rows/train_kinds.ts";
import { TrainRows, YES } from "../../tables/rows/train_rows.ts";

/** A train that has left its first station and not reached its last, as far as is known. */
export interface LiveTrain {
  /** "2026-11-28/27": departure date and number. */
  readonly id: string;
  /** "IC 27"; of lines around Helsinki "K 9725". */
  readonly name: string;
  readonly kind: TrainKind | null;
  /** The stations, by their codes, between which it is; the same where it stands. */
  readonly from: string;
  readonly to: string;
  /** When it left `from`, or came there to stand; milliseconds since 1970 UTC. */
  readonly leftMs: number;
  /** When it is expected at `to`, or to go on; milliseconds since 1970 UTC. */
  readonly dueMs: number;
  /** At the last arrival or departure that is known; null where it was not planned. */
  readonly delaySeconds: number | null;
  /** Whether the delay is within the limit of its kind. */
  readonly isOnTime: boolean;
}

/** What is read of the standard table. */
export const LIVE_COLUMNS: readonly string[] = [
  ...["trainNumber", "trainType", "trainCategory", "commuterLineID", "trainCancelled", "trainDeleted"],
  ...["stationShortCode", "type", "cancelled", "scheduledTime", "liveEstimateTime", "actualTime"],
];
const MICROS_PER_MS = 1000;

/** Of the rows of a data file of this departure date, in which the rows of a train follow its route. */
export function liveTrains(date: string, columns: Columns): readonly LiveTrain[] {
  const rows = new TrainRows(columns), found: LiveTrain[] = [];
  const placeAt = placeReader(rows), describe = trainReader(rows, date);
  rows.eachTrain((from, to) => {
    const place = placeAt(from, to);
    if (place !== null) found.push({ ...describe(from, place.delaySeconds), ...place });
  });
  return found;
}

type Place = Pick<LiveTrain, "from" | "to" | "leftMs" | "dueMs" | "delaySeconds">;

/** Where the train of these rows is; null when it is not on the way. */
function placeReader(rows: TrainRows): (from: number, to: number) => Place | null {
  const station = wordsOf(rows, "stationShortCode"), side = wordsOf(rows, "type");
  const cancelled = rows.flag("cancelled"), wholeCancelled = rows.flag("trainCancelled");
  const deleted = rows.flag("trainDeleted");
  const planned = rows.number("scheduledTime"), actual = rows.number("actualTime");
  const estimate = rows.number("liveEstimateTime");
  const runs = (row: number) => cancelled[row] !== YES;
  return (from, to) => {
    if (deleted[from] === YES || wholeCancelled[from] === YES) return null;
    let last = to - 1;
    while (last >= from && !(runs(last) && !Number.isNaN(actual[last] ?? NaN))) last--;
    let next = last + 1;
    while (next < to && !runs(next)) next++;
    const [here, there] = [station(last), station(next)];
    if (last < from || next >= to || here === null || there === null) return null;
    const left = actual[last] ?? NaN, delay = left - (planned[last] ?? NaN);
    const expected = orElse(estimate[next], (planned[next] ?? NaN) + orElse(delay, 0));
    return {
      from: here,
      to: side(last) === "DEPARTURE" ? there : here,
      leftMs: left / MICROS_PER_MS,
      dueMs: Math.max(orElse(expected, left), left) / MICROS_PER_MS,
      delaySeconds: Number.isNaN(delay) ? null : Math.round(delay / 1e6),
    };
  };
}

function trainReader(rows: TrainRows, date: string) {
  const numbers = rows.number("trainNumber"), line = wordsOf(rows, "commuterLineID");
  const type = wordsOf(rows, "trainType"), category = wordsOf(rows, "trainCategory");
  return (row: number, delaySeconds: number | null) => {
    const number = numbers[row] ?? NaN, kind = category(row) ?? undefined;
    return {
      id: `${date}/${number}`,
      name: `${line(row) ?? type(row) ?? ""} ${number}`.trim(),
      kind: kindOf(kind, line(row) ?? undefined),
      isOnTime: (delaySeconds ?? 0) < lateFromSeconds(kind),
    };
  };
}

function wordsOf(rows: TrainRows, name: string): (row: number) => string | null {
  const { codes, words } = rows.text(name);
  return (row) => words[codes[row] ?? -1] || null;
}

function orElse(number = NaN, other: number): number {
  return Number.isNaN(number) ? other : number;
}
