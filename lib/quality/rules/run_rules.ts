/** Rules on what a run measures anyway, and on what is in quarantine: O1 and its kin, O2, O4, U1, U3, S1, S2, V1. */
import { countOf } from "../../tables/counts.ts";
import { countsSince } from "../../tables/measures.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import { jointFigures } from "../traffic/traffic_figures.ts";
import type { Rule } from "./rule.ts";

/** So few new trains have no shares, and no median to go by. */
const LEAST_TRAINS = 30;
/** Seconds: what is nearer to the usual than the width of a bin of delays, 15 s, is no other delay. */
const LEAST_DELAY_SPREAD = 5;
/** Percent: where every day has the same trains, one more of a category is no other habit. */
const LEAST_SHARE_SPREAD = 1;

/** In the order of the report. */
export const RUN_RULES: readonly Rule[] = [
  {
    id: "O4",
    dimension: "completeness",
    severity: "E",
    grain: "message",
    title: "no message was deleted before it was landed",
    why: "what retention has deleted is lost; only the run that finds it fails, later ones keep the sum",
    count: { from: "run", failures: ({ newlyExpired }) => newlyExpired },
  },
  {
    id: "O1",
    dimension: "volume",
    severity: "E",
    grain: "run",
    title: "there are timetable rows at all",
    why: "of nothing, every other rule holds",
    count: { from: "run", failures: ({ account }) => account.standardRows === 0 ? 1 : 0 },
  },
  {
    id: "U1",
    dimension: "uniqueness",
    severity: "E",
    grain: "row",
    title: "rows of one train are unique",
    why: "a stop that counts twice falsifies every sum",
    count: { from: "run", failures: ({ duplicateRecords }) => duplicateRecords },
  },
  {
    id: "S1",
    dimension: "validity",
    severity: "W",
    grain: "message",
    title: "messages are readable trains",
    why: "others are in quarantine, and missing from the tables",
    count: { from: "run", failures: ({ account }) => account.quarantined },
  },
  {
    id: "V1",
    dimension: "validity",
    severity: "W",
    grain: "message",
    title: "dates and times of messages are readable",
    why: "others are in quarantine; readers of the replaced system look for these counts",
    count: {
      from: "rejections",
      anomalies: {
        departureDate_format_errors: "date_format",
        arrivalTime_format_errors: "arrival_time_format",
        departureTime_format_errors: "departure_time_format",
        otherTime_format_errors: "time_format",
      },
    },
  },
  {
    id: "S2",
    dimension: "consistency",
    severity: "W",
    grain: "field",
    title: "no unknown fields or values (schema drift)",
    why: "the source has changed; what is new is kept in landing alone",
    count: { from: "drift" },
  },
  {
    id: "U3",
    dimension: "uniqueness",
    severity: "W",
    grain: "message",
    title: "a version keeps its content",
    why: "two contents under one version: which one is true depends on the order of arrival",
    count: { from: "run", failures: ({ conflict }) => conflict },
  },
  {
    id: "O1b",
    dimension: "volume",
    severity: "W",
    grain: "run",
    title: "a run lands about as many messages as usual",
    why:
      "half of the trains missing, or all of them sent again, shows here first; needs seven runs to learn from",
    count: { from: "history", observe: (run, before) => orNull(run.account.landed - before.account.landed) },
  },
  {
    id: "O1c",
    dimension: "volume",
    severity: "W",
    grain: "run",
    title: "trains have about as many rows as usual",
    why: "routes that were cut or doubled show here first; needs seven runs to learn from",
    count: {
      from: "history",
      observe: (run, before) => {
        const trains = run.account.accepted - before.account.accepted;
        return trains > 0 ? (run.account.rowsAdded - before.account.rowsAdded) / trains : null;
      },
    },
  },
  {
    id: "O1d",
    dimension: "accuracy",
    severity: "W",
    grain: "run",
    title: "passenger trains are about as late as usual",
    why:
      "median delay in seconds of those that arrived since the run before; needs seven runs with 30 of them",
    count: {
      from: "history",
      observe: (run, before) => medianDelay(run, before),
      leastSpread: LEAST_DELAY_SPREAD,
    },
  },
  {
    id: "O2",
    dimension: "volume",
    severity: "I",
    grain: "run",
    title: "shares of the categories move as usual",
    why:
      "percent of the new trains in other categories than before; needs seven runs with 30 new trains each",
    source: "counts by trainCategory of the standard table, run by run",
    count: {
      from: "history",
      observe: (run, before) => shiftOf(run, before),
      leastSpread: LEAST_SHARE_SPREAD,
    },
  },
];

/** A run that was given nothing to do has no number. */
function orNull(count: number): number | null {
  return count > 0 ? count : null;
}

/** Freight is left out: it runs hours early as a habit, and has a larger share at night. */
function medianDelay({ traffic: now }: RunRecord, { traffic: before }: RunRecord): number | null {
  if (now === null || before === null) return null;
  const isOfPassengers = ([name]: readonly [string, number]) => !name.startsWith("freight.");
  const arrived = Object.entries(countsSince(now, before)).filter(isOfPassengers);
  const { arrived: trains, medianSeconds } = jointFigures(Object.fromEntries(arrived));
  return trains < LEAST_TRAINS ? null : medianSeconds;
}

/**
 * How far the shares of the categories among the trains that are new lie from those of all trains before: percent of
 * the new trains that would have to be of another category.
 */
function shiftOf(
  { trainsByCategory: now }: RunRecord,
  { trainsByCategory: before }: RunRecord,
): number | null {
  if (now === null || before === null) return null;
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  const added = names.map((name) => Math.max(countOf(now, name) - countOf(before, name), 0));
  const known = names.map((name) => countOf(before, name));
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const addedSum = sum(added), knownSum = sum(known);
  if (addedSum < LEAST_TRAINS || knownSum === 0) return null;
  return 50 * sum(names.map((_, i) => Math.abs((added[i] ?? 0) / addedSum - (known[i] ?? 0) / knownSum)));
}
