/** Rows of pictures that are the same in every run, as odd as real ones. */
import type { CategoryDelays } from "../../lib/charts/delay_tail.ts";
import type { LastRun } from "../../lib/charts/last_runs.ts";
import type { MapStation } from "../../lib/charts/map_projection.ts";
import type { MapEdge } from "../../lib/charts/net_map.ts";
import type { HeatCell } from "../../lib/charts/punctuality_heat.ts";
import type { RankedLeg } from "../../lib/charts/rank_legs.ts";
import type { LinePoint, LineTrain, Stringline } from "../../lib/charts/stringline_rows.ts";

const MINUTE = 60_000;
/** Six in the morning in Finland. */
export const SIX = Date.UTC(2026, 10, 24, 4);
const NAMES = ["Helsinki", "Pasila", "Tikkurila", "Riihimäki", "Hämeenlinna", "Toijala", "Tampere"];

/** Numbers from 0 to 1 that follow from each other. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

/** A line with so many trains, in both directions, some late, some cancelled, some on the line in part only. */
export function madeLine(trains: number): Stringline {
  const random = chance(trains);
  return {
    from: "Helsinki",
    to: "Tampere",
    date: "2026-11-24",
    stations: NAMES.map((name, at) => ({
      name,
      seconds: [0, 300, 840, 2880, 4320, 5700, 7200][at] ?? 0,
      halts: 20 - at,
    })),
    trains: Array.from({ length: trains }, (_, at) => madeTrain(at, random)),
    fromMs: SIX,
    toMs: SIX + 360 * MINUTE,
  };
}

function madeTrain(at: number, random: () => number): LineTrain {
  const start = SIX + Math.floor(330 * random()) * MINUTE, isDown = at % 2 === 0;
  const seconds = [0, 300, 840, 2880, 4320, 5700, 7200];
  const stations = [...seconds.keys()].slice(at % 5 === 4 ? 2 : 0);
  if (!isDown) stations.reverse();
  const first = seconds[stations[0] ?? 0] ?? 0;
  let late = 0;
  const points = stations.map((station, place): LinePoint => {
    late += Math.max(0, Math.floor(240 * random()) - 170) * 1000;
    const plannedMs = start + Math.abs((seconds[station] ?? 0) - first) * 1000;
    const isCancelled = at % 7 === 3 && place > 2;
    return {
      station,
      plannedMs,
      actualMs: isCancelled || at % 11 === 9 ? null : plannedMs + late,
      isCancelled,
    };
  });
  return { name: `${at % 3 === 0 ? "IC" : "R"} ${20 + at}`, parts: [points] };
}

/** Legs of two categories, one with too few trains. */
export const LEGS: readonly RankedLeg[] = [
  {
    category: "Long-distance",
    from: "Lempäälä",
    to: "Tampere",
    trains: 23,
    meanSeconds: 245.4,
    medianSeconds: 61,
  },
  {
    category: "Commuter",
    from: "Pasila",
    to: "Helsinki",
    trains: 1203,
    meanSeconds: 31.2,
    medianSeconds: 20,
  },
  { category: "Cargo", from: "Kouvola", to: "Kotka", trains: 2, meanSeconds: 4000, medianSeconds: 4000 },
  {
    category: "Commuter",
    from: "Helsinki",
    to: "Pasila",
    trains: 1200,
    meanSeconds: -12.2,
    medianSeconds: -10,
  },
];

/** The last one's place is not known. */
export const STATIONS: readonly MapStation[] = [
  { name: "Helsinki", longitude: 24.94, latitude: 60.17, trains: 900 },
  { name: "Pasila", longitude: 24.93, latitude: 60.2, trains: 890 },
  { name: "Tampere", longitude: 23.77, latitude: 61.5, trains: 200 },
  { name: "Kouvola", longitude: 26.7, latitude: 60.87, trains: 80 },
  { name: "Oulu", longitude: 25.48, latitude: 65.01, trains: 30 },
  { name: "Nowhere", longitude: null, latitude: null, trains: 5 },
];
/** Legs between them. */
export const EDGES: readonly MapEdge[] = [
  { from: 0, to: 1, trains: 880, addedSeconds: 12 },
  { from: 1, to: 2, trains: 180, addedSeconds: 95.5 },
  { from: 1, to: 3, trains: 70, addedSeconds: -4 },
  { from: 2, to: 4, trains: 30, addedSeconds: 40 },
  { from: 4, to: 5, trains: 4, addedSeconds: 900 },
];

/** Delays with a tail, early trains, and a category without any. */
export function madeDelays(): readonly CategoryDelays[] {
  const random = chance(7);
  const many = (count: number, scale: number) =>
    Array.from({ length: count }, () => Math.round(-scale * Math.log(1 - random()) - 40));
  return [
    { category: "Commuter", delays: many(1200, 60) },
    { category: "Long-distance", delays: many(300, 240) },
    { category: "Cargo", delays: [-7200, 0, 1800, 40_000] },
    { category: "Locomotive", delays: [] },
  ];
}

/** Five days, the early hours with few trains. */
export const CELLS: readonly HeatCell[] = [0, 1, 2, 3, 4].flatMap((weekday) =>
  Array.from({ length: 19 }, (_, at) => {
    const trains = at === 0 ? 2 : 20 + at;
    return { weekday, hour: at + 5, trains, onTime: trains - (weekday * at) % 9 };
  })
);

/** On time, late, early, cancelled, cancelled in part, and on its way. */
export const RUNS: readonly LastRun[] = [
  run("2026-11-28", "unfinished", null, 320),
  run("2026-11-27", "arrived", 45, 130),
  run("2026-11-26", "arrived", 1840, 2400),
  run("2026-11-25", "cancelled", null, null),
  run("2026-11-24", "partly cancelled", null, 60),
  run("2026-11-23", "arrived", -75, 20),
];

function run(
  date: string,
  fate: LastRun["fate"],
  arrivalSeconds: number | null,
  worstSeconds: number | null,
): LastRun {
  return {
    date,
    destination: "Tampere",
    fate,
    arrivalSeconds,
    worstSeconds,
    worstStation: worstSeconds === null ? "" : "Toijala",
    isLate: (arrivalSeconds ?? 0) > 300,
  };
}
