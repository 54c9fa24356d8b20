/** Works out a merge against one snapshot and writes its files; nothing is visible until they are committed. */
import pl from "nodejs-polars";
import type { TrainSpan } from "../validate/validate_chunk.ts";
import type { Add, DeltaTable, Snapshot } from "../delta/mod.ts";
import { gatherRows } from "./gather_rows.ts";
import { type MergeCounts, planMerge, trainKey, type Winner } from "./plan_merge.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../tables/standard_schema.ts";
import type { HeldTrain, TrainIndex } from "./train_index.ts";

/** What a merge works on. */
export interface StageOptions {
  readonly table: DeltaTable;
  readonly index: TrainIndex;
  /** Tags for a data file from its rows (the quality stage counts there what it needs later). */
  readonly describeRows: (rows: pl.DataFrame) => Readonly<Record<string, string>>;
}

/** The validated rows of a batch: per chunk a frame and its trains. */
export interface MergeInput {
  readonly frames: readonly (pl.DataFrame | null)[];
  readonly spans: readonly (readonly TrainSpan[])[];
}

/** A merge whose files are written and not yet committed. */
export interface StagedMerge {
  readonly counts: ReadonlyMap<number, MergeCounts>;
  readonly adds: readonly Add[];
  readonly removes: readonly Add[];
  /** Partitions (YYYY-MM-DD) whose content the decisions rest on. */
  readonly datesRead: ReadonlySet<string>;
}

/** A train the table holds, and the file that holds it. */
interface Held {
  readonly train: HeldTrain;
  readonly add: Add;
}

/** The part of a merge that belongs to one departure date. */
interface DateChange {
  readonly add: Add;
  readonly removes: readonly Add[];
}

const COLUMN_NAMES = STANDARD_SCHEMA.fields.map((field) => field.name);
/** Made once: polars builds an expression in some 60 µs. */
const PLAIN_STRINGS = STANDARD_SCHEMA.fields.filter(({ type }) => type === "string")
  .map(({ name }) => pl.col(name).cast(pl.Utf8));
const MS_PER_DAY = 86_400_000;

/** Decides the merge against `snapshot` and writes one new file per departure date that changes. */
export async function stageMerge(
  input: MergeInput,
  snapshot: Snapshot,
  options: StageOptions,
): Promise<StagedMerge> {
  const trainsByDay = Map.groupBy(input.spans.flat(), (span) => span.departureDay);
  const held = new Map<number, Held>();
  for (const [day, spans] of trainsByDay) await lookUp(day, spans, { held, snapshot, ...options });
  const plan = planMerge(input.spans, (key) => held.get(key)?.train);
  const changes: DateChange[] = [];
  for (const [day, winners] of Map.groupBy(plan.winners.values(), (winner) => winner.span.departureDay)) {
    changes.push(await stageDate(day, winners, { frames: input.frames, held, ...options }));
  }
  return {
    counts: plan.counts,
    adds: changes.map((change) => change.add),
    removes: changes.flatMap((change) => change.removes),
    datesRead: new Set([...trainsByDay.keys()].map(dateText)),
  };
}

/** Notes in `held` what the table has of one departure date, from the files that may have trains of the batch. */
async function lookUp(
  day: number,
  spans: readonly TrainSpan[],
  { held, snapshot, table, index }: StageOptions & {
    readonly held: Map<number, Held>;
    readonly snapshot: Snapshot;
  },
): Promise<void> {
  const numbers = spans.map((span) => span.trainNumber);
  const date = dateText(day);
  for (const add of snapshot.files.values()) {
    if (add.partitionValues[STANDARD_PARTITION] !== date || !mayHold(add, numbers)) continue;
    for (const train of await index.trainsOf(table, add, day)) held.set(train.key, { train, add });
  }
}

/** Whether the file's statistics leave room for one of the train numbers. */
function mayHold(add: Add, numbers: readonly number[]): boolean {
  if (add.stats === undefined) return true;
  const { minValues, maxValues } = JSON.parse(add.stats) as Record<
    string,
    Record<string, unknown> | undefined
  >;
  const lowest = minValues?.trainNumber, highest = maxValues?.trainNumber;
  if (typeof lowest !== "number" || typeof highest !== "number") return true;
  return numbers.some((number) => number >= lowest && number <= highest);
}

async function stageDate(
  day: number,
  winners: readonly Winner[],
  options: StageOptions & {
    readonly frames: readonly (pl.DataFrame | null)[];
    readonly held: ReadonlyMap<number, Held>;
  },
): Promise<DateChange> {
  const { table, index, held, frames } = options;
  const fresh = gatherRows(frames, winners);
  const replaced = winners.flatMap(({ span }) =>
    held.get(trainKey(span.departureDay, span.trainNumber)) ?? []
  );
  const removes = [...new Set(replaced.map(({ add }) => add))];
  const numbers = winners.map(({ span }) => span.trainNumber);
  const parts: pl.DataFrame[] = [];
  for (const add of removes) {
    parts.push(withoutTrains(await table.readFile(add), numbers).select(...COLUMN_NAMES));
  }
  const rows = joinRows(parts, fresh);
  const tags = options.describeRows(rows);
  const add = await table.stageFile(rows.drop(STANDARD_PARTITION), {
    partitionValues: { [STANDARD_PARTITION]: dateText(day) },
    tags,
  });
  index.note(add, await trainsAfter(removes, winners, { table, index, day }));
  return { add, removes };
}

/** Rows out of data files hold plain strings, fresh ones Categoricals: where both meet, plain strings win. */
function joinRows(kept: readonly pl.DataFrame[], fresh: readonly pl.DataFrame[]): pl.DataFrame {
  const alike = kept.length === 0 ? fresh : fresh.map((rows) => rows.withColumns(...PLAIN_STRINGS));
  const parts = [...kept, ...alike];
  return parts.length === 1 && parts[0] ? parts[0] : pl.concat(parts, { how: "vertical", rechunk: false });
}

function withoutTrains(rows: pl.DataFrame, numbers: readonly number[]): pl.DataFrame {
  const gone = pl.DataFrame([pl.Series("trainNumber", numbers, pl.Int64)]);
  return rows.join(gone, { on: "trainNumber", how: "anti" });
}

/** The trains of the new file: what the replaced files keep, and the winners. */
async function trainsAfter(
  removes: readonly Add[],
  winners: readonly Winner[],
  { table, index, day }: { readonly table: DeltaTable; readonly index: TrainIndex; readonly day: number },
): Promise<readonly HeldTrain[]> {
  const fresh = new Map(winners.map(({ span }) => {
    const key = trainKey(day, span.trainNumber);
    return [key, { ...span, key }] as const;
  }));
  const trains: HeldTrain[] = [...fresh.values()];
  for (const add of removes) {
    const held = await index.trainsOf(table, add, day);
    trains.push(...held.filter((train) => !fresh.has(train.key)));
  }
  return trains;
}

function dateText(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}
