/** What became of each train: the figures that people look for, counted in one pass over the trains of a file. */
import type { Counts } from "../../tables/counts.ts";
import { type TrainRows, YES } from "../../tables/rows/train_rows.ts";
import { binStart } from "./delay_bins.ts";
import { kindOf, TRAIN_KINDS, type TrainKind } from "../../tables/rows/train_kinds.ts";

/** To be raised when something else is counted: all files are counted again then. */
export const TRAFFIC_REVISION = "traffic: 1";

const MICROS_PER_SECOND = 1_000_000;
/** The codes of categories as the API writes them; other names from outside might be endless. */
const CAUSE_CODE = /^[A-Z0-9]{1,2}$/;

/** A train of one of the kinds. */
export interface TrainRun {
  readonly kind: TrainKind;
  /** Its first row, and one beyond its last. */
  readonly from: number;
  readonly to: number;
  /**
   * Whether it ran as planned to its end; "unfinished" is on its way still, or lacks a time by which it is on time or not.
   * One with cancelled rows is neither on time nor late.
   */
  readonly fate: "arrived" | "cancelled" | "partlyCancelled" | "unfinished";
  /** At the final station, seconds; NaN but for one that arrived. */
  readonly delaySeconds: number;
  readonly isOnTime: boolean;
  /** Categories of the causes that are given anywhere along its route, each once. */
  readonly causes: readonly string[];
}

/** Counts by kind: `<kind>.onTime`, `.cancelled`, `.partlyCancelled`, `.unfinished`, `.delay.<bin>`, `.cause.<code>`. */
export function countTraffic(rows: TrainRows): Counts {
  const counts: Record<string, number> = {};
  eachTrainRun(rows, (train) => addTrain(counts, train));
  return counts;
}

/** Adds a train to counts. */
export function addTrain(
  counts: Record<string, number>,
  { kind, fate, delaySeconds, isOnTime, causes }: TrainRun,
): void {
  const add = (name: string) => counts[`${kind}.${name}`] = (counts[`${kind}.${name}`] ?? 0) + 1;
  add(fate === "arrived" ? `delay.${binStart(delaySeconds)}` : fate);
  if (isOnTime) add("onTime");
  for (const code of causes) add(`cause.${code}`);
}

/** Calls `visit` for each train of the kinds. */
export function eachTrainRun(rows: TrainRows, visit: (train: TrainRun) => void): void {
  const categories = rows.text("trainCategory"), lines = rows.text("commuterLineID");
  const delayAt = delays(rows), fateOf = fates(rows), causesOf = causeCodes(rows);
  rows.eachTrain((from, to) => {
    const kind = kindOf(
      categories.words[categories.codes[from] ?? -1],
      lines.words[lines.codes[from] ?? -1],
    );
    if (kind === null) return;
    const { asksDeparture, isOnTime } = TRAIN_KINDS[kind];
    const final = delayAt(to - 1), departure = delayAt(from);
    const isKnown = !Number.isNaN(final) && !(asksDeparture && Number.isNaN(departure));
    const fate = fateOf(from, to) ?? (isKnown ? "arrived" : "unfinished");
    const hasArrived = fate === "arrived";
    visit({
      ...{ kind, from, to, fate, causes: causesOf(from, to) },
      delaySeconds: hasArrived ? final : NaN,
      isOnTime: hasArrived && isOnTime(final, departure),
    });
  });
}

/** Seconds, never the rounded minutes; NaN where the train has not been yet. */
function delays(rows: TrainRows): (row: number) => number {
  const actual = rows.number("actualTime"), scheduled = rows.number("scheduledTime");
  return (row) => ((actual[row] ?? NaN) - (scheduled[row] ?? NaN)) / MICROS_PER_SECOND;
}

/** What was cancelled of a train; null where nothing was. */
function fates(rows: TrainRows): (from: number, to: number) => "cancelled" | "partlyCancelled" | null {
  const cancelled = rows.flag("cancelled"), isWhole = rows.flag("trainCancelled");
  return (from, to) => {
    let count = 0;
    for (let row = from; row < to; row++) if (cancelled[row] === YES) count++;
    if (isWhole[from] === YES || count === to - from) return "cancelled";
    return count > 0 ? "partlyCancelled" : null;
  };
}

function causeCodes(rows: TrainRows): (from: number, to: number) => readonly string[] {
  const { ends, codes, words } = rows.listText("causes", "categoryCode");
  const names = words.map((word) => CAUSE_CODE.test(word) ? word : "other");
  return (from, to) => {
    const first = ends[from] ?? 0, last = ends[to] ?? 0;
    if (first === last) return [];
    const found = new Set<string>();
    for (let at = first; at < last; at++) {
      const name = names[codes[at] ?? -1];
      if (name !== undefined) found.add(name);
    }
    return [...found];
  };
}
