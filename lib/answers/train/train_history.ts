/** How one train ran lately, and stop by stop. Pure. */
import { DelayCounts } from "../delay_counts.ts";
import type { TrainRun } from "../train_run.ts";
import type { Visit } from "../visits.ts";

/** A train as people name it: "IC 27", "27". */
export interface TrainName {
  /** A type or a line, as it was written; null where only the number was. */
  readonly type: string | null;
  readonly number: number;
}

/** A stop of a run, and how late the train was there in all runs that are shown. */
export interface HistoryStop extends Visit {
  /** Of arrivals, at the origin of departures; null where no run has such a delay. */
  readonly medianSeconds: number | null;
  readonly worstSeconds: number | null;
  /** How many runs that is of. */
  readonly runs: number;
}

/** What a renderer gets. */
export interface TrainHistory {
  /** Newest first; there is one at least. */
  readonly runs: readonly TrainRun[];
  /** The date of the run whose stops are shown, see {@linkcode shownRun}. */
  readonly stopsDate: string | null;
  /** Its stops; none of one that was deleted. */
  readonly stops: readonly HistoryStop[];
  /** Names of stations by code; null where nobody has asked for them. */
  readonly stationNames: ReadonlyMap<string, string> | null;
}

/** Reads "IC 27", "IC27" or "27"; null when it is none of these. */
export function parseTrainName(words: readonly string[]): TrainName | null {
  const [, type = "", digits = ""] = /^\s*(\p{L}{0,10})\s*(\d{1,5})\s*$/u.exec(words.join(" ")) ?? [];
  const number = Number(digits);
  return digits === "" || number === 0 ? null : { type: type === "" ? null : type, number };
}

/** Whether a run is of the train that was named: by its number, and by its type or line where one was given. */
export function isNamed({ number, type, line }: TrainRun, name: TrainName): boolean {
  const wanted = name.type?.toUpperCase();
  return number === name.number &&
    (wanted === undefined || [type, line].some((known) => known?.toUpperCase() === wanted));
}

/** Which of the runs, newest first, is shown stop by stop: the newest that has begun; the newest where none has. */
export function shownRun(runs: readonly TrainRun[]): number {
  return Math.max(0, runs.findIndex(({ worstDelaySeconds }) => worstDelaySeconds !== null));
}

/** `visits` are those of each run, in the order of the runs; stops are those of the run at the place `shown`. */
export function trainHistory(
  runs: readonly TrainRun[],
  visits: readonly (readonly Visit[])[],
  { shown, stationNames }: Pick<TrainHistory, "stationNames"> & { readonly shown: number },
): TrainHistory {
  const delays = new Map<string, number[]>();
  for (const mine of visits) {
    for (const [key, visit] of keyed(mine)) {
      const { delaySeconds } = visit.arrival ?? visit.departure ?? { delaySeconds: null };
      if (delaySeconds !== null) delays.set(key, [...(delays.get(key) ?? []), delaySeconds]);
    }
  }
  const stops = keyed(visits[shown] ?? []).map(([key, visit]) => ({
    ...visit,
    ...pastOf(delays.get(key) ?? []),
  }));
  return { runs, stopsDate: runs[shown]?.date ?? null, stops, stationNames };
}

/** A train may come by a station twice. */
function keyed(visits: readonly Visit[]): readonly (readonly [key: string, visit: Visit])[] {
  const times = new Map<string, number>();
  return visits.map((visit) => {
    const { station, arrival } = visit;
    const side = `${station}\0${arrival === null ? "departure" : "arrival"}`;
    const time = (times.get(side) ?? 0) + 1;
    times.set(side, time);
    return [`${side}\0${time}`, visit] as const;
  });
}

function pastOf(delays: readonly number[]): Pick<HistoryStop, "medianSeconds" | "worstSeconds" | "runs"> {
  const counts = new DelayCounts();
  for (const seconds of delays) counts.add(seconds);
  return {
    medianSeconds: counts.figures().medianSeconds,
    worstSeconds: delays.reduce<number | null>((most, seconds) => Math.max(most ?? seconds, seconds), null),
    runs: delays.length,
  };
}
