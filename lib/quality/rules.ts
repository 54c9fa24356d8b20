/**
 * The rules, one entry each: what the report shows, what the data files are counted for, and the names of the
 * anomalies in `quality_zone/trains_travel` follow from this table alone. To add a rule, add an entry; files that were
 * counted without it are counted again by the next run.
 */
import type { RunRecord } from "../tables/run_record.ts";
import type { RejectionCode } from "../validate/rejection.ts";
import type { RowCondition, RowTerm } from "./row_condition.ts";

/** E fails the report, W and I do not. */
export type Severity = "E" | "W" | "I";

/** How the failures of a rule are counted. */
export type RuleCount =
  /** Rows of the standard table for which `breaks` is true, with the rows of a train in the order of its route. */
  | { readonly from: "rows"; readonly anomaly: string; readonly breaks: RowCondition }
  /** Messages in quarantine, by their reason. */
  | { readonly from: "rejections"; readonly anomalies: Readonly<Record<string, RejectionCode>> }
  /** What a run measures anyway. */
  | { readonly from: "run"; readonly failures: (run: RunRecord) => number };

/** One rule of the catalogue. */
export interface Rule {
  readonly id: string;
  readonly dimension: "completeness" | "validity" | "uniqueness" | "consistency" | "timeliness";
  readonly severity: Severity;
  /** What one failure is. */
  readonly grain: "row" | "message" | "field";
  readonly title: string;
  readonly why: string;
  readonly count: RuleCount;
}

const MICROS_PER_MINUTE = 60_000_000;
/** Clocks differ; 39 s were seen. */
const FUTURE_TOLERANCE_MINUTES = 2;

const scheduled: RowTerm = { column: "scheduledTime" };
const actual: RowTerm = { column: "actualTime" };

const SAME_TRAIN: RowCondition = { isSame: [{ column: "trainNumber" }, { previous: "trainNumber" }] };
const OUT_OF_ORDER: RowCondition = {
  both: [SAME_TRAIN, { isLess: [scheduled, { previous: "scheduledTime" }] }],
};

const LATEST_ACTUAL: RowTerm = {
  plus: [{ column: "kafkaMessageTimestamp" }, { number: FUTURE_TOLERANCE_MINUTES * MICROS_PER_MINUTE }],
};
const ACTUAL_IN_FUTURE: RowCondition = { isMore: [actual, LATEST_ACTUAL] };

/** floor((actual or else estimate - scheduled) / 60 s + 0.5) is what the source writes. */
const DELAY_MICROS: RowTerm = { minus: [{ firstOf: [actual, { column: "liveEstimateTime" }] }, scheduled] };
const DELAY_MINUTES: RowTerm = {
  floor: { plus: [{ divided: [DELAY_MICROS, { number: MICROS_PER_MINUTE }] }, { number: 0.5 }] },
};
const WRONG_DIFFERENCE: RowCondition = { isOther: [DELAY_MINUTES, { column: "differenceInMinutes" }] };

/** All rules in the order of the report. */
export const RULES: readonly Rule[] = [
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
    dimension: "completeness",
    severity: "E",
    grain: "row",
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
    id: "C1",
    dimension: "consistency",
    severity: "E",
    grain: "row",
    title: "scheduledTime never decreases along the route",
    why: "a train cannot be scheduled to go back in time",
    count: { from: "rows", anomaly: "scheduledTime_out_of_order", breaks: OUT_OF_ORDER },
  },
  {
    id: "T3",
    dimension: "timeliness",
    severity: "E",
    grain: "row",
    title: "actualTime is not in the future of its message",
    why: "a train cannot have been there after the message about it was written",
    count: { from: "rows", anomaly: "actualTime_in_future", breaks: ACTUAL_IN_FUTURE },
  },
  {
    id: "C6",
    dimension: "consistency",
    severity: "W",
    grain: "row",
    title: "differenceInMinutes follows from the times",
    why: "two ways to ask for a delay must have one answer",
    count: { from: "rows", anomaly: "differenceInMinutes_mismatch", breaks: WRONG_DIFFERENCE },
  },
  {
    id: "S1",
    dimension: "validity",
    severity: "W",
    grain: "message",
    title: "messages are readable trains (else in quarantine)",
    why: "what is in quarantine is missing from the tables",
    count: { from: "run", failures: ({ account }) => account.quarantined },
  },
  {
    id: "V1",
    dimension: "validity",
    severity: "W",
    grain: "message",
    title: "dates and times are readable (else in quarantine)",
    why: "the replaced system counted these by kind; its readers look for the names",
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
    count: {
      from: "run",
      failures: ({ schemaDrift }) => Object.values(schemaDrift).reduce((sum, count) => sum + count, 0),
    },
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
];

/** The anomalies that a rule counts, by the names under which a run stores them. */
export function anomaliesOf({ count }: Rule): readonly string[] {
  if (count.from === "rows") return [count.anomaly];
  return count.from === "rejections" ? Object.keys(count.anomalies) : [];
}
