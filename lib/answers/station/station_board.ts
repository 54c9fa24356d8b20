/** What comes to a station and leaves it on a day, and how late. Pure. */
import { helsinkiMs } from "../../tables/rows/helsinki_day.ts";
import { lateFromSeconds } from "../../tables/rows/train_kinds.ts";
import { DelayCounts } from "../delay_counts.ts";
import type { TrainRun } from "../train_run.ts";
import type { Call, Visit } from "../visits.ts";
import { type NamedTracks, tracksOfRow } from "./named_tracks.ts";

/** A visit with what is known of its train. */
export interface BoardVisit extends Visit {
  readonly type: string | null;
  readonly category: string | null;
  readonly line: string | null;
  readonly origin: string | null;
  readonly destination: string | null;
  /** Other tracks that messages have named for it. */
  readonly otherTracks: readonly string[];
}

/** Arrivals or departures of a category on the day. */
export interface BoardSide {
  /** Cancelled ones among them. */
  readonly planned: number;
  /** With an actual time. */
  readonly made: number;
  /** Of these, by the limit of their category. */
  readonly late: number;
  readonly cancelled: number;
  /** For which messages have named more than one track. */
  readonly trackChanged: number;
  readonly medianSeconds: number | null;
  readonly p95Seconds: number | null;
}

/** One line of the summary. */
export interface BoardCategory {
  readonly category: string | null;
  readonly arrivals: BoardSide;
  readonly departures: BoardSide;
}

/** What a renderer gets. */
export interface StationBoard {
  readonly station: string;
  /** In Finland, YYYY-MM-DD. */
  readonly date: string;
  /** In the order of their times. */
  readonly visits: readonly BoardVisit[];
  /** Most planned first. */
  readonly categories: readonly BoardCategory[];
  /** Names of stations by code; null where nobody has asked for them. */
  readonly stationNames: ReadonlyMap<string, string> | null;
}

/** A day in Finland, in microseconds since 1970 UTC: its first, and the first of the next one. */
export function dayBounds(date: string): readonly [from: number, to: number] {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return [startOf(midnight), startOf(midnight + MS_PER_DAY)];
}

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const MICROS_PER_MS = 1000;

/** The clock never changes at midnight, so that one of both offsets fits. */
function startOf(midnight: number): number {
  const offset = [2, 3].find((hours) => helsinkiMs(midnight - hours * MS_PER_HOUR) === midnight) ?? 2;
  return (midnight - offset * MS_PER_HOUR) * MICROS_PER_MS;
}

/** `visits` may be of other days too: those count that are planned to come or to go on this one. */
export function stationBoard(
  { station, date, stationNames }: Pick<StationBoard, "station" | "date" | "stationNames">,
  visits: readonly Visit[],
  { runs, tracks = new Map() }: { readonly runs: readonly TrainRun[]; readonly tracks?: NamedTracks },
): StationBoard {
  const [from, to] = dayBounds(date).map((micros) => micros / MICROS_PER_MS) as [number, number];
  const isToday = (call: Call | null) => {
    const time = Date.parse(call?.scheduled ?? "");
    return time >= from && time < to;
  };
  const known = new Map(runs.map((run) => [`${run.date} ${run.number}`, run] as const));
  const today = visits.filter(({ arrival, departure }) => isToday(arrival) || isToday(departure)).map((
    visit,
  ) => ({
    ...visit,
    ...ofTrain(known.get(`${visit.date} ${visit.number}`)),
    ...tracksOf(visit, tracks),
  }));
  const timeOf = ({ arrival, departure }: Visit) => arrival?.scheduled ?? departure?.scheduled ?? "";
  today.sort((a, b) => timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : a.number - b.number);
  const categories = Map.groupBy(today, ({ category }) => category).entries().map(([category, mine]) => ({
    category,
    arrivals: sideOf(category, mine, { callOf: ({ arrival }) => arrival, isToday }),
    departures: sideOf(category, mine, { callOf: ({ departure }) => departure, isToday }),
  })).toArray();
  return {
    station,
    date,
    stationNames,
    visits: today.map(({ moved: _, ...visit }) => visit),
    categories: categories.sort(byPlanned),
  };
}

function ofTrain(run: TrainRun | undefined) {
  const { type = null, category = null, line = null, origin = null, destination = null } = run ?? {};
  return { type, category, line, origin, destination };
}

/** A visit, and those of its calls whose track was changed. */
type MovedVisit = BoardVisit & { readonly moved: ReadonlySet<Call> };

function tracksOf(visit: Visit, named: NamedTracks): Pick<MovedVisit, "otherTracks" | "moved"> {
  const texts = named.get(`${visit.date} ${visit.number}`) ?? [];
  const moved = new Set<Call>(), others = new Set<string>();
  for (const call of [visit.arrival, visit.departure]) {
    if (call === null) continue;
    const mine = tracksOfRow(texts, visit.station, { departs: call === visit.departure, visit: call.visit });
    if (mine.length < 2) continue;
    moved.add(call);
    for (const track of mine) if (track !== visit.track) others.add(track);
  }
  return { otherTracks: [...others].sort(), moved };
}

interface SideOptions {
  readonly callOf: (visit: Visit) => Call | null;
  readonly isToday: (call: Call | null) => boolean;
}

function sideOf(
  category: string | null,
  visits: readonly MovedVisit[],
  { callOf, isToday }: SideOptions,
): BoardSide {
  const mine = visits.filter((visit) => isToday(callOf(visit)));
  const calls = mine.map(callOf);
  const delays = new DelayCounts(), lateFrom = lateFromSeconds(category ?? undefined);
  const known = calls.map((call) => call?.delaySeconds ?? null).filter((seconds) => seconds !== null);
  for (const seconds of known) delays.add(seconds);
  const { medianSeconds, p95Seconds } = delays.figures();
  return {
    planned: calls.length,
    made: calls.filter((call) => call !== null && call.actual !== null).length,
    late: known.filter((seconds) => seconds >= lateFrom).length,
    cancelled: calls.filter((call) => call?.cancelled).length,
    trackChanged: mine.filter((visit) => isMoved(visit, callOf(visit))).length,
    ...{ medianSeconds, p95Seconds },
  };
}

function isMoved({ moved }: MovedVisit, call: Call | null): boolean {
  return call !== null && moved.has(call);
}

function byPlanned(a: BoardCategory, b: BoardCategory): number {
  const planned = ({ arrivals, departures }: BoardCategory) => arrivals.planned + departures.planned;
  return planned(b) - planned(a) || ((a.category ?? "") < (b.category ?? "") ? -1 : 1);
}
