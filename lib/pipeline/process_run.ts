/** One run of `process` as its steps pass it on: what it works on, its limits, its surroundings. */
import type { Broker } from "../broker/broker.ts";
import type { Store } from "../delta/mod.ts";
import type { CounterSource } from "../quality/standard_counter.ts";
import type { RecentRows } from "../standard/recent_rows.ts";
import type { TrainIndex } from "../standard/train_index.ts";
import type { Lake } from "../tables/lake.ts";
import type { MessageTraces } from "./traces/message_traces.ts";
import type { AnalysisWork } from "./analysis/analysis_work.ts";
import type { Batch } from "../validate/collect_batches.ts";
import type { DriftRefusal } from "../validate/drift/refuse_drift.ts";

/** What a run works on: the topic of the lake. */
export interface ProcessInput {
  readonly broker: Broker;
  readonly lake: Lake;
  /** Consumer group under which the broker shows the lag. */
  readonly group: string;
  /** Where the tables of the metadata are, by their paths; without it the rules on metadata are skipped. */
  readonly storeOf?: ((path: string) => Store) | undefined;
}

/** What a run may take at once. */
export interface ProcessLimits {
  /** Bytes of messages in memory, which also bounds a batch. */
  readonly maxBatchBytes: number;
  /** About so many trains a file of the standard table gets from small batches; by default as many as there are. */
  readonly trainsPerFile?: number;
  /** How long files stay after they left a table; by default as long as the tables themselves ask for. */
  readonly keepFilesMs?: number;
  /** How long a broker that asks us keeps messages that all tables have; by default for ever. */
  readonly keepMessagesMs?: number;
}

/** What a run takes from outside. */
export interface Surroundings {
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Milliseconds of a clock that never goes back, for the timings. */
  readonly monotonic: () => number;
  /** A new name at each call, unique in the world. */
  readonly ids: () => string;
  /** Ends the run after the batch at hand. */
  readonly signal: AbortSignal;
  /** Gives the memory of the last batch back: polars frees frames only then. */
  readonly releaseMemory: () => Promise<void>;
}

/** A run under way. */
export interface ProcessRun extends ProcessInput {
  readonly limits: ProcessLimits;
  readonly surroundings: Surroundings;
  /** What the standard table holds, as far as this run has looked. */
  readonly index: TrainIndex;
  /** What this run has written to the standard table lately, for one that replaces it again; by default not remembered. */
  readonly recent?: RecentRows;
  /** Counts the rules on rows. */
  readonly counter: CounterSource;
  /** Which trains the user keeps out of the tables though the schema takes them; by default none. */
  readonly refusal?: DriftRefusal | null;
  readonly analysis: AnalysisWork;
  /** Called when a batch can be read in the standard table. */
  readonly onMerged?: (batch: Batch) => void;
  /** The spans that messages come from; without it batches are linked to none. */
  readonly traces?: MessageTraces;
}
