/** One row per train: where from and to, planned and actual times, delays, stops, what was cancelled, causes. Pure. */
import type { Column, Columns } from "../delta/mod.ts";
import { NO, YES } from "../tables/rows/train_rows.ts";
import { intsAt, longsAt } from "./columns_at.ts";
import { knownColumn, longColumn, NO_ROW, wordColumn } from "./make_columns.ts";
import type { Routes } from "./routes.ts";

/**
 * The columns of `train_runs` but for the date. Origin and destination are those of the timetable. An actual time or a
 * delay is null where the train has none, or does not run there.
 */
export function trainRuns(routes: Routes): Columns {
  const { rows, numbers, from, to, scheduled, ran, stations, delays } = routes;
  const last = to.map((row) => row - 1);
  const worst = from.map((first, train) => worstRow(delays, first, to[train] ?? first));
  const text = (name: string) => wordColumn(rows.text(name), from);
  return {
    trainNumber: longColumn(numbers),
    trainCategory: text("trainCategory"),
    trainType: text("trainType"),
    commuterLineID: text("commuterLineID"),
    operatorShortCode: text("operatorShortCode"),
    origin: wordColumn(stations, from),
    destination: wordColumn(stations, last),
    plannedDeparture: longsAt(scheduled, from),
    actualDeparture: longsAt(ran, from),
    plannedArrival: longsAt(scheduled, last),
    actualArrival: longsAt(ran, last),
    departureDelaySeconds: intsAt(delays, from),
    arrivalDelaySeconds: intsAt(delays, last),
    worstDelaySeconds: intsAt(delays, worst),
    worstDelayStation: wordColumn(stations, worst),
    ...countStops(routes),
    ...fates(routes),
    causeCategories: causesOf(routes),
    lastVersion: longColumn(rows.numberAt("version", from)),
    lastSeen: longColumn(rows.numberAt("kafkaMessageTimestamp", from)),
    lastSourceEpoch: longColumn(rows.numberAt("sourceEpoch", from)),
  };
}

/** The first of the rows with the largest delay; none when no delay is known. */
function worstRow(delays: Float64Array, from: number, to: number): number {
  let worst = NO_ROW, most = -Infinity;
  for (let row = from; row < to; row++) {
    const delay = delays[row] ?? NaN;
    if (delay > most) {
      most = delay;
      worst = row;
    }
  }
  return worst;
}

/**
 * A stop is an arrival and the departure after it at the same station, or one without the other, where the timetable
 * lets the train halt. It is made when one of its rows has an actual time, skipped when the train does not run in any.
 */
function countStops(
  { rows, trains, from, to, stations: { codes }, departs, arrives, isOff, ran }: Routes,
) {
  const stopping = rows.flag("trainStopping");
  const [planned, made, skipped] = [new Int32Array(trains), new Int32Array(trains), new Int32Array(trains)];
  const isMade = (row: number) => !Number.isNaN(ran[row] ?? NaN);
  for (let train = 0; train < trains; train++) {
    for (let row = from[train] ?? 0, end = to[train] ?? 0, next = row; row < end; row = next) {
      next = row + 1;
      if (next < end && arrives[row] === 1 && departs[next] === 1 && codes[row] === codes[next]) next++;
      if (stopping[row] === NO && stopping[next - 1] === NO) continue;
      planned[train] = (planned[train] ?? 0) + 1;
      if (isMade(row) || isMade(next - 1)) made[train] = (made[train] ?? 0) + 1;
      if (isOff[row] === 1 && isOff[next - 1] === 1) skipped[train] = (skipped[train] ?? 0) + 1;
    }
  }
  return {
    stopsPlanned: knownColumn(planned),
    stopsMade: knownColumn(made),
    stopsSkipped: knownColumn(skipped),
  };
}

/** A train of which all rows are cancelled is cancelled, and so is one that was deleted. */
function fates({ rows, trains, from, to, isOff }: Routes) {
  const flags = rows.flag("trainDeleted");
  const whole = new Uint8Array(trains), partly = new Uint8Array(trains), deleted = new Uint8Array(trains);
  for (let train = 0; train < trains; train++) {
    const first = from[train] ?? 0, end = to[train] ?? 0;
    let off = 0;
    for (let row = first; row < end; row++) off += isOff[row] ?? 0;
    if (off === end - first) whole[train] = 1;
    else if (off > 0) partly[train] = 1;
    if (flags[first] === YES) deleted[train] = 1;
  }
  return {
    cancelled: knownColumn(whole),
    partiallyCancelled: knownColumn(partly),
    deleted: knownColumn(deleted),
  };
}

/** The categories of the causes that are given anywhere along the route, each once, in the order of the alphabet. */
function causesOf({ rows, trains, from, to }: Routes): Column {
  const { ends: given, codes, words } = rows.listText("causes", "categoryCode");
  const ends = new Int32Array(trains + 1), found: number[] = [];
  for (let train = 0; train < trains; train++) {
    const first = given[from[train] ?? 0] ?? 0, end = given[to[train] ?? 0] ?? 0;
    if (first < end) {
      const mine = new Set(codes.subarray(first, end));
      const known = [...mine].filter((code) => (words[code] ?? "") !== "");
      for (const code of known.sort((a, b) => (words[a] ?? "") < (words[b] ?? "") ? -1 : 1)) found.push(code);
    }
    ends[train + 1] = found.length;
  }
  const elements = wordColumn({ codes: Int32Array.from(found), words }, Int32Array.from(found.keys()));
  return { kind: "list", length: trains, present: null, ends, elements };
}
