/** The rows of the delay tail, the heat map and the last runs, out of `train_runs`. Pure. */
import type { CategoryDelays } from "../../charts/delay_tail.ts";
import type { LastRun } from "../../charts/last_runs.ts";
import type { HeatCell } from "../../charts/punctuality_heat.ts";
import type { Columns } from "../../delta/mod.ts";
import { helsinkiMs } from "../../tables/rows/helsinki_day.ts";
import { kindOf, TRAIN_KINDS, type TrainKind } from "../../tables/rows/train_kinds.ts";
import { TrainRows, YES } from "../../tables/rows/train_rows.ts";

/** What is read of it for the tail and the heat map; {@linkcode PICTURED_RUN_COLUMNS} for runs of one train. */
export const PUNCTUALITY_COLUMNS: readonly string[] = [
  ...[
    "trainNumber",
    "trainCategory",
    "trainType",
    "commuterLineID",
    "plannedDeparture",
    "departureDelaySeconds",
  ],
  ...["arrivalDelaySeconds", "cancelled", "partiallyCancelled", "deleted"],
];
export const PICTURED_RUN_COLUMNS: readonly string[] = [
  ...PUNCTUALITY_COLUMNS,
  ...["destination", "worstDelaySeconds", "worstDelayStation"],
];

/** A train of a departure date. */
export interface PicturedRun extends LastRun {
  readonly number: number;
  readonly name: string;
  readonly kind: TrainKind | null;
  readonly plannedMs: number | null;
}

const MS_PER_HOUR = 3_600_000, MICROS_PER_MS = 1000;

/** The trains that were not deleted; stations as their codes. */
export function picturedRuns(date: string, columns: Columns): readonly PicturedRun[] {
  const rows = new TrainRows(columns);
  const wordAt = (name: string) => {
    const { codes, words } = rows.text(name);
    return (row: number) => words[codes[row] ?? -1];
  };
  const numberAt = (name: string) => {
    const numbers = rows.number(name);
    return (row: number) => Number.isNaN(numbers[row] ?? NaN) ? null : numbers[row] ?? null;
  };
  const category = wordAt("trainCategory"), type = wordAt("trainType"), line = wordAt("commuterLineID");
  const destination = wordAt("destination"), worstStation = wordAt("worstDelayStation");
  const planned = numberAt("plannedDeparture"), departure = numberAt("departureDelaySeconds");
  const arrival = numberAt("arrivalDelaySeconds"), worst = numberAt("worstDelaySeconds");
  const numbers = rows.number("trainNumber"), deleted = rows.flag("deleted");
  const whole = rows.flag("cancelled"), partly = rows.flag("partiallyCancelled");
  const found: PicturedRun[] = [];
  for (let row = 0; row < rows.rows; row++) {
    if (deleted[row] === YES) continue;
    const kind = kindOf(category(row), line(row)), number = numbers[row] ?? NaN, micros = planned(row);
    const final = arrival(row), isLate = lateness(kind, final, departure(row));
    const fate = whole[row] === YES
      ? "cancelled"
      : partly[row] === YES
      ? "partly cancelled"
      : isLate === null
      ? "unfinished"
      : "arrived";
    found.push({
      ...{ date, number, kind, fate, arrivalSeconds: final, worstSeconds: worst(row) },
      name: `${line(row) || type(row) || ""} ${number}`.trim(),
      isLate: fate === "arrived" && isLate === true,
      plannedMs: micros === null ? null : micros / MICROS_PER_MS,
      destination: destination(row) ?? "",
      worstStation: worstStation(row) ?? "",
    });
  }
  return found;
}

/** By the rule of its kind, of others by that of long-distance trains; null while it cannot be said. */
function lateness(kind: TrainKind | null, final: number | null, departure: number | null): boolean | null {
  const { asksDeparture, isOnTime } = TRAIN_KINDS[kind ?? "longDistance"];
  if (final === null || (asksDeparture && departure === null)) return null;
  return !isOnTime(final, departure ?? 0);
}

/** Delays of the trains that arrived, by kinds whose punctuality is published. */
export function delaysByKind(runs: readonly PicturedRun[]): readonly CategoryDelays[] {
  return Object.entries(TRAIN_KINDS).map(([kind, { name }]) => ({
    category: name,
    delays: runs.flatMap((run) =>
      run.kind === kind && run.fate === "arrived" && run.arrivalSeconds !== null ? [run.arrivalSeconds] : []
    ),
  }));
}

/** By hour and weekday of the planned departure in Finland, of kinds whose punctuality is published. */
export function heatCells(runs: Iterable<PicturedRun>): readonly HeatCell[] {
  const cells = new Map<number, { trains: number; onTime: number }>();
  for (const { kind, fate, plannedMs, isLate } of runs) {
    if (kind === null || fate !== "arrived" || plannedMs === null) continue;
    const hours = Math.floor(helsinkiMs(plannedMs) / MS_PER_HOUR);
    // 1970-01-01 was a Thursday.
    const key = ((hours + 3 * 24) % 168 + 168) % 168;
    const cell = cells.get(key) ?? { trains: 0, onTime: 0 };
    cell.trains++;
    if (!isLate) cell.onTime++;
    cells.set(key, cell);
  }
  return [...cells].map(([key, cell]) => ({ weekday: Math.floor(key / 24), hour: key % 24, ...cell }));
}

/** The train that was the latest at its final station, of several the one with the lowest number; null of none. */
export function latestRun(runs: readonly PicturedRun[]): PicturedRun | null {
  const arrived = runs.filter(({ kind, fate }) => kind !== null && fate === "arrived");
  return arrived.reduce<PicturedRun | null>((latest, run) => {
    const more = (run.arrivalSeconds ?? 0) - (latest?.arrivalSeconds ?? 0);
    return latest === null || more > 0 || (more === 0 && run.number < latest.number) ? run : latest;
  }, null);
}
