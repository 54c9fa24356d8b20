/** One row per leg: a departure and the arrival after it, with running and dwell times and the delay that it added. Pure. */
import type { Columns, Int32Values } from "../delta/mod.ts";
import { YES } from "../tables/rows/train_rows.ts";
import { longsAt, secondsBetween } from "./columns_at.ts";
import { knownColumn, NO_ROW, wordColumn } from "./make_columns.ts";
import type { Routes } from "./routes.ts";

/**
 * The columns of `leg_delays` but for the date, in the order of trains and routes. Legs lie between neighbouring
 * stations of the timetable, whether or not the train halts there. The dwell is the one before the leg, at the station
 * where it begins; at the origin there is none. Deleted trains have no legs.
 */
export function legDelays(routes: Routes): Columns {
  const { rows, numbers, scheduled, stations, isOff, ran } = routes;
  const { leaves, trains, legs } = legsOf(routes);
  const arrives = leaves.map((row) => row + 1);
  const before = dwellsBefore(routes, leaves, trains);
  const planned = secondsBetween(scheduled, leaves, arrives);
  const actually = secondsBetween(ran, leaves, arrives);
  return {
    trainNumber: longsAt(numbers, trains),
    leg: knownColumn(legs),
    trainCategory: wordColumn(rows.text("trainCategory"), leaves),
    fromStation: wordColumn(stations, leaves),
    toStation: wordColumn(stations, arrives),
    plannedDeparture: longsAt(scheduled, leaves),
    plannedRunningSeconds: planned,
    actualRunningSeconds: actually,
    plannedDwellSeconds: secondsBetween(scheduled, before, leaves),
    actualDwellSeconds: secondsBetween(ran, before, leaves),
    delayAddedSeconds: difference(actually, planned),
    cancelled: knownColumn(eitherOff(isOff, leaves)),
  };
}

/** Per leg the row of its departure, its train, and its number on the route, from 1. */
function legsOf({ rows, trains: count, from, to, departs, arrives }: Routes) {
  const leaves = new Int32Array(rows.rows), trains = new Int32Array(rows.rows);
  const legs = new Int32Array(rows.rows);
  const deleted = rows.flag("trainDeleted");
  let found = 0;
  for (let train = 0; train < count; train++) {
    const first = from[train] ?? 0, last = (to[train] ?? 0) - 1;
    if (deleted[first] === YES) continue;
    for (let row = first, leg = 1; row < last; row++) {
      if (departs[row] !== 1 || arrives[row + 1] !== 1) continue;
      leaves[found] = row;
      trains[found] = train;
      legs[found++] = leg++;
    }
  }
  return {
    leaves: leaves.subarray(0, found),
    trains: trains.subarray(0, found),
    legs: legs.slice(0, found),
  };
}

/** Per leg the row of the arrival at the station where it begins. */
function dwellsBefore(
  { from, arrives, stations: { codes } }: Routes,
  leaves: Int32Array,
  trains: Int32Array,
): Int32Array {
  return leaves.map((row, leg) => {
    const isThere = row > (from[trains[leg] ?? 0] ?? 0) && arrives[row - 1] === 1 &&
      codes[row - 1] === codes[row];
    return isThere ? row - 1 : NO_ROW;
  });
}

/** Null where one of both is not known. */
function difference(a: Int32Values, b: Int32Values): Int32Values {
  const { length } = a;
  const values = new Int32Array(length), isThere = new Uint8Array(length);
  let there = 0;
  for (let at = 0; at < length; at++) {
    if (a.present?.[at] === 0 || b.present?.[at] === 0) continue;
    const value = (a.values[at] ?? 0) - (b.values[at] ?? 0);
    if (value !== (value | 0)) continue;
    values[at] = value;
    isThere[at] = 1;
    there++;
  }
  return { kind: "int32", length, present: there === length ? null : isThere, values };
}

/** A leg is run when the train departs and arrives. */
function eitherOff(isOff: Uint8Array, leaves: Int32Array): Uint8Array {
  const found = new Uint8Array(leaves.length);
  for (let leg = 0; leg < found.length; leg++) {
    const row = leaves[leg] ?? NO_ROW;
    found[leg] = (isOff[row] ?? 0) | (isOff[row + 1] ?? 0);
  }
  return found;
}
