/** What a rule is. */
import type { RunRecord } from "../../tables/run_record.ts";
import type { RejectionCode } from "../../validate/rejection.ts";
import type { TrainRows } from "../train_rows.ts";

/** E fails the report, W is worth a look, I is for information. */
export type Severity = "E" | "W" | "I";

/** Whether a thing lives up to what it is for; after DAMA and ODCS, with accuracy and volume. */
export type Dimension =
  | "accuracy"
  | "completeness"
  | "consistency"
  | "timeliness"
  | "uniqueness"
  | "validity"
  | "volume";

/** What is counted: rows of the standard table, pairs of an arrival and its departure, trains, messages, fields, runs. */
export type Grain = "row" | "stop" | "train" | "message" | "field" | "run";

/** How the failures of a rule are counted. */
export type RuleCount =
  | RowsCount
  /** Messages in quarantine, by their reason. */
  | { readonly from: "rejections"; readonly anomalies: Readonly<Record<string, RejectionCode>> }
  /** What a run measures anyway. */
  | { readonly from: "run"; readonly failures: (run: RunRecord) => number }
  /** A number of each run that should be like those of the runs before. */
  | HistoryCount;

/** A number of a run, by what has happened since the run before; null when there was nothing to count. */
export interface HistoryCount {
  readonly from: "history";
  readonly observe: (run: RunRecord, before: RunRecord) => number | null;
}

/** Rows, stops or trains of the standard table, counted file by file as it is written. */
export interface RowsCount {
  readonly from: "rows";
  /** The name in the `anomalies` of a run. */
  readonly anomaly: string;
  /** To be raised when `breaks` means something else: all files are counted again then. */
  readonly revision: number;
  /** 1 per row that breaks the rule: of a stop its departure, of a train its first row. */
  readonly breaks: (rows: TrainRows) => Uint8Array;
}

/** One rule of the catalogue. */
export interface Rule {
  readonly id: string;
  readonly dimension: Dimension;
  readonly severity: Severity;
  /** What one failure is. */
  readonly grain: Grain;
  readonly title: string;
  readonly why: string;
  readonly count: RuleCount;
}
