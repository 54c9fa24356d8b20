/** What a rule is. */
import type { Counts } from "../../tables/counts.ts";
import { MEASURES } from "../../tables/measures.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import type { RejectionCode } from "../../validate/rejection.ts";
import type { MetadataLists, MetadataNeed } from "../metadata/metadata_lists.ts";
import type { TrainRows } from "../../tables/rows/train_rows.ts";

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

/**
 * What is counted: rows of the standard table, pairs of an arrival and its departure (stops) or of a departure and the
 * next arrival (legs), causes of delays, trains, messages, fields, runs; newer versions of trains, actual times and
 * estimates in them; times between two polls of the source.
 */
export type Grain =
  | "row"
  | "stop"
  | "leg"
  | "cause"
  | "train"
  | "message"
  | "field"
  | "run"
  | "version"
  | "time"
  | "estimate"
  | "poll";

/** How the failures of a rule are counted. */
export type RuleCount =
  | RowsCount
  /** Messages in quarantine, by their reason. */
  | { readonly from: "rejections"; readonly anomalies: Readonly<Record<string, RejectionCode>> }
  /** What a run measures anyway. */
  | { readonly from: "run"; readonly failures: (run: RunRecord) => number }
  /** Unknown fields and values of messages, as the policy has them. */
  | { readonly from: "drift" }
  /** A number of each run that should be like those of the runs before. */
  | HistoryCount
  /** What batches have counted since the run before. */
  | BatchesCount;

/** A number of a run, by what has happened since the run before; null when there was nothing to count. */
export interface HistoryCount {
  readonly from: "history";
  readonly observe: (run: RunRecord, before: RunRecord) => number | null;
  /** So small a spread says nothing, however alike the numbers before were. */
  readonly leastSpread?: number;
}

/** Counts of batches by the names of {@linkcode MEASURES}, at a run. */
export interface BatchesWindow {
  readonly run: RunRecord;
  /** Since the run before; of the first run, all. */
  readonly since: Counts;
  /** Of the last runs; where there are few, all. */
  readonly recent: Counts;
  /** From the first batch that was measured. */
  readonly overall: Counts;
}

/** A number that says more than the failures. */
export interface Figure {
  readonly name: string;
  readonly unit: "s" | "%" | "";
  /** Null when there was nothing to take it from. */
  readonly value: number | null;
}

/** What batches have counted for a rule since the run before. */
export interface Measured {
  readonly failures: number;
  readonly units: number;
  readonly figures?: readonly Figure[];
  /** The same of all batches. */
  readonly overall?: Readonly<Pick<Measured, "failures" | "units" | "figures">>;
}

/** Counted batch by batch, where what was before is at hand. */
export interface BatchesCount {
  readonly from: "batches";
  /** Null when the rule does not apply, or has too little to go by. */
  readonly measure: (window: BatchesWindow) => Measured | null;
}

/** Rows, stops or trains of the standard table, counted file by file as it is written. */
export interface RowsCount {
  readonly from: "rows";
  /** The name in the `anomalies` of a run. */
  readonly anomaly: string;
  /** To be raised when `breaks` means something else: all files are counted again then. */
  readonly revision: number;
  /** Metadata without which it is skipped; when the lists change, all files are counted again. */
  readonly needs?: readonly MetadataNeed[];
  /** Per row how many units the rule looks at, when these are not simply all of its grain. */
  readonly units?: CountPerRow;
  /** 1 per row that breaks the rule: of a stop its departure, of a leg its arrival, of a train its first row. */
  readonly breaks: CountPerRow;
}

/** Looks at rows, of one of which several causes may count. */
export type CountPerRow = (rows: TrainRows, lists: MetadataLists) => Uint8Array;

/** One rule of the catalogue. */
export interface Rule {
  readonly id: string;
  readonly dimension: Dimension;
  readonly severity: Severity;
  /** What one failure is. */
  readonly grain: Grain;
  readonly title: string;
  readonly why: string;
  /** From where one knows. */
  readonly source?: string;
  readonly count: RuleCount;
  /** Of a rule that is a property of places: an explanation tells them apart, reading these columns alone. */
  readonly worst?: { readonly by: "station"; readonly columns: readonly string[] };
}

/** How a rule is counted that asks the same of the batches since the run before and of all. */
export interface MeasureFunctions {
  readonly failures: (counts: Counts) => number;
  readonly units: (counts: Counts) => number;
  readonly figures?: (counts: Counts) => readonly Figure[];
}

/** A count of batches; null of a run whose batches were not measured, as those of older versions. */
export function ofBatches({ failures, units, figures }: MeasureFunctions): BatchesCount {
  const measure = (counts: Counts) => ({
    failures: failures(counts),
    units: units(counts),
    ...(figures && { figures: figures(counts) }),
  });
  return {
    from: "batches",
    measure: ({ since, overall }) =>
      (overall[MEASURES.messages] ?? 0) === 0 ? null : { ...measure(since), overall: measure(overall) },
  };
}
