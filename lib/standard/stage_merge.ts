/** Works out a merge against one snapshot and writes its files; nothing is visible until they are committed. */
import type { TrainSpan } from "../validate/validate_chunk.ts";
import {
  type Add,
  type Columns,
  type DeltaTable,
  fileMatcher,
  gatherColumns,
  type Predicate,
  type Snapshot,
} from "../delta/mod.ts";
import { compareRenewals, readRoutes } from "./compare_renewals.ts";
import { cutByTrains } from "./cut_by_trains.ts";
import { gatherRows } from "./gather_rows.ts";
import { joinDated, piecesToJoin } from "./join_columns.ts";
import { joinFrames } from "./join_frames.ts";
import { mapAtOnce } from "./map_at_once.ts";
import {
  type MergeCounts,
  planMerge,
  type PlanOptions,
  type Renewal,
  trainKey,
  type Winner,
} from "./plan_merge.ts";
import type { RecentRows } from "./recent_rows.ts";
import type { RowTags } from "../tables/count_tags.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";
import type { HeldTrain, TrainIndex } from "./train_index.ts";
import type { VersionChanges } from "./version_changes.ts";

/** What a merge works on. */
export interface StageMergeOptions extends PlanOptions {
  readonly table: DeltaTable;
  readonly index: TrainIndex;
  /** Tags for a data file from its rows (the quality stage counts there what it needs later). */
  readonly tags: RowTags;
  /**
   * About so many trains a file gets where a batch changes few of a date: then the next such batch rewrites little. By
   * default the trains that are written together are one file.
   */
  readonly trainsPerFile?: number | undefined;
  /** What is written is remembered here, and is not read again when it is replaced; by default it is. */
  readonly recent?: RecentRows | undefined;
  /** Called with the rows of a file that was written, while they are in memory; a merge that has to be computed again calls again. */
  readonly onRows?: ((add: Add, rows: Columns) => void) | undefined;
}

/** The validated rows of a batch: per chunk its columns and its trains. */
export interface MergeInput {
  readonly rows: readonly (Columns | null)[];
  readonly spans: readonly (readonly TrainSpan[])[];
}

/** What the messages of a batch are beside those of before. */
export interface MergeFindings {
  readonly counts: ReadonlyMap<number, MergeCounts>;
  /** What newer versions of trains say of older ones, per Kafka partition; those without any have none. */
  readonly changes: ReadonlyMap<number, VersionChanges>;
  /** Messages with a lower version than one before them; see {@linkcode planMerge}. */
  readonly backwards: readonly TrainSpan[];
}

/** A merge whose files are written and not yet committed. */
export interface StagedMerge extends MergeFindings {
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
  readonly adds: readonly Add[];
  readonly removes: readonly Add[];
}

const MS_PER_DAY = 86_400_000;
/** Each holds the rows of its date. */
const DATES_AT_ONCE = 4;
/** Of one date. */
const FILES_AT_ONCE = 8;

/** Decides the merge against `snapshot` and writes the new files of the departure dates that change. */
export async function stageMerge(
  input: MergeInput,
  snapshot: Snapshot,
  options: StageMergeOptions,
): Promise<StagedMerge> {
  const spans = input.spans.flat();
  const held = await lookUpAll(spans, snapshot, options);
  const plan = planMerge(input.spans, (key) => held.get(key)?.train, options);
  const winnersByDay = Map.groupBy(plan.winners.values(), (winner) => winner.span.departureDay);
  const renewalsByDay = Map.groupBy(plan.renewals, ({ after }) => after.span.departureDay);
  const changes = new Map<number, VersionChanges>();
  const stage: DateOptions = { rows: input.rows, held, snapshot, changes, ...options };
  const dates = await mapAtOnce(
    [...winnersByDay],
    DATES_AT_ONCE,
    ([day, winners]) => stageDate({ day, winners, renewals: renewalsByDay.get(day) ?? [] }, stage),
  );
  return {
    counts: plan.counts,
    changes,
    backwards: plan.backwards,
    adds: dates.flatMap((change) => change.adds),
    removes: dates.flatMap((change) => change.removes),
    datesRead: new Set([...new Set(spans.map(({ departureDay }) => departureDay))].map(dateText)),
  };
}

/** What the table has of the trains of the spans, by train key. */
export async function heldTrains(
  spans: readonly TrainSpan[],
  snapshot: Snapshot,
  options: Pick<StageMergeOptions, "table" | "index">,
): Promise<ReadonlyMap<number, HeldTrain>> {
  const held = await lookUpAll(spans, snapshot, options);
  return new Map([...held].map(([key, { train }]) => [key, train]));
}

async function lookUpAll(
  trains: readonly TrainSpan[],
  snapshot: Snapshot,
  options: Pick<StageMergeOptions, "table" | "index">,
): Promise<ReadonlyMap<number, Held>> {
  const filesByDate = Map.groupBy(snapshot.files.values(), (add) => add.partitionValues[STANDARD_PARTITION]);
  const held = new Map<number, Held>();
  for (const [day, spans] of Map.groupBy(trains, (span) => span.departureDay)) {
    const files = filesByDate.get(dateText(day)) ?? [];
    await lookUp(day, files.filter(matcherOf(spans, snapshot)), { held, ...options });
  }
  return held;
}

/** Whether a file of the day may hold one of the trains: its numbers lie between the lowest and the highest. */
function matcherOf(spans: readonly TrainSpan[], snapshot: Snapshot): (add: Add) => boolean {
  const numbers = spans.map(({ trainNumber }) => trainNumber);
  const [lowest, highest] = numbers.reduce(
    ([low, high], number) => [Math.min(low, number), Math.max(high, number)],
    [
      Infinity,
      -Infinity,
    ],
  );
  const bound = (operator: ">=" | "<=", value: number): Predicate => ({
    kind: "compare",
    column: ["trainNumber"],
    operator,
    value: BigInt(value),
  });
  const matchOf = fileMatcher({ kind: "and", terms: [bound(">=", lowest), bound("<=", highest)] }, snapshot);
  return (add) => matchOf(add) !== "none";
}

/** Writes down in `held` what the files have of one departure date. */
async function lookUp(
  day: number,
  files: readonly Add[],
  { held, table, index }: Pick<StageMergeOptions, "table" | "index"> & { readonly held: Map<number, Held> },
): Promise<void> {
  for (const add of files) {
    for (const train of await index.trainsOf(table, add, day)) held.set(train.key, { train, add });
  }
}

/** What a batch brings to one departure date. */
interface DateMerge {
  readonly day: number;
  readonly winners: readonly Winner[];
  readonly renewals: readonly Renewal[];
}

interface DateOptions extends StageMergeOptions {
  readonly rows: readonly (Columns | null)[];
  readonly held: ReadonlyMap<number, Held>;
  readonly snapshot: Snapshot;
  readonly changes: Map<number, VersionChanges>;
}

async function stageDate({ day, winners, renewals }: DateMerge, options: DateOptions): Promise<DateChange> {
  const { table, index, rows, snapshot: { schema }, tags } = options;
  const fresh = gatherColumns(gatherRows(rows, winners));
  const removes = replacedFiles(day, winners, options);
  const partitionValues = { [STANDARD_PARTITION]: dateText(day) };
  const numbers = new Set(winners.map(({ span }) => span.trainNumber));
  const trains = await trainsAfter(removes, winners, { table, index, day });
  const files = await replaceRows({ removes, renewals, fresh, numbers, trains, day }, options);
  if (files !== undefined) {
    return { adds: await stageFiles(files, { ...options, partitionValues, trains }), removes };
  }
  const frame = await joinFrames(removes, fresh, { table, numbers, schema });
  const add = await table.stageFile(frame.drop(STANDARD_PARTITION), {
    partitionValues,
    tags: tags.ofFrame(frame),
  });
  index.remember(add, trains);
  return { adds: [add], removes };
}

/** The files that hold the trains of the winners; and one more of the date, where all of them together make a small file. */
function replacedFiles(day: number, winners: readonly Winner[], options: DateOptions): readonly Add[] {
  const { held, index, trainsPerFile } = options;
  const touched = new Set(
    winners.flatMap(({ span }) => held.get(trainKey(day, span.trainNumber))?.add ?? []),
  );
  if (trainsPerFile === undefined) return [...touched];
  const sizeOf = (add: Add) => index.known(add)?.length ?? Infinity;
  const trains = [...touched].reduce((sum, add) => sum + sizeOf(add), winners.length);
  if (trains >= trainsPerFile / 2) return [...touched];
  // Trains that come one by one would each stay in a file of their own.
  const one = filesOf(day, options).find((add) => !touched.has(add) && trains + sizeOf(add) <= trainsPerFile);
  return one === undefined ? [...touched] : [...touched, one];
}

function filesOf(day: number, { snapshot }: Pick<DateOptions, "snapshot">): readonly Add[] {
  const date = dateText(day);
  return [...snapshot.files.values()].filter((add) => add.partitionValues[STANDARD_PARTITION] === date);
}

interface FileStageOptions extends DateOptions {
  readonly partitionValues: Readonly<Record<string, string>>;
  /** All that are in the rows. */
  readonly trains: readonly HeldTrain[];
}

/** Rows that become one file, and the trains whose they are; null of all. */
interface FileRows {
  readonly columns: Columns;
  readonly numbers: ReadonlySet<number> | null;
}

async function stageFiles(files: readonly FileRows[], options: FileStageOptions): Promise<readonly Add[]> {
  const { table, index, tags, partitionValues, trains, onRows, recent } = options;
  return await mapAtOnce(files, FILES_AT_ONCE, async ({ columns, numbers }) => {
    const add = await table.stageColumns(columns, { partitionValues, tags: tags.ofColumns(columns) });
    onRows?.(add, columns);
    recent?.remember(add, columns);
    const mine = numbers === null ? trains : trains.filter(({ trainNumber }) => numbers.has(trainNumber));
    index.remember(add, mine);
    return add;
  });
}

/** Rows that are replaced, and what takes their place. */
interface Replacement {
  readonly removes: readonly Add[];
  readonly renewals: readonly Renewal[];
  readonly fresh: Columns;
  readonly numbers: ReadonlySet<number>;
  readonly trains: readonly HeldTrain[];
  readonly day: number;
}

/**
 * Compares the rows that are replaced with those that take their place, and joins what stays with these, file by file;
 * undefined when they have to be joined as frames. What was read is let go before anything is written.
 */
async function replaceRows(
  { removes, renewals, fresh, numbers, trains, day }: Replacement,
  options: DateOptions,
): Promise<readonly FileRows[] | undefined> {
  const { table, held, rows, changes, recent, trainsPerFile = Infinity } = options;
  const read = await readReplaced(removes, { table, recent });
  const replaced = read ?? await readRoutes(renewals.length > 0 ? removes : [], table);
  compareRenewals(renewals, { rows, held, replaced }, changes);
  const pieces = read && piecesToJoin([...read.values()], fresh, numbers);
  if (pieces === undefined) return undefined;
  const cuts = cutByTrains(pieces, {
    trainsPerFile,
    changed: numbers.size,
    ofDate: trainsPerFile === Infinity ? 0 : trainsOf(day, options),
    changedAtMs: new Map(trains.map(({ trainNumber, timestampMs }) => [trainNumber, timestampMs])),
  });
  return cuts.map((cut) => ({ columns: joinDated(cut.pieces, day), numbers: cut.numbers }));
}

/** Trains of the date that the index knows. */
function trainsOf(day: number, options: DateOptions): number {
  return filesOf(day, options).reduce((sum, add) => sum + (options.index.known(add)?.length ?? 0), 0);
}

/** The files as columns; undefined when one of them has to be read as a frame. */
async function readReplaced(
  adds: readonly Add[],
  { table, recent }: Pick<StageMergeOptions, "table" | "recent">,
): Promise<ReadonlyMap<Add, Columns> | undefined> {
  const read = new Map<Add, Columns>();
  for (const add of adds) {
    const columns = recent?.take(add) ?? await table.readColumns(add);
    if (columns === undefined) return undefined;
    read.set(add, columns);
  }
  return read;
}

/** The trains of the new files: what the replaced files keep, and the winners. */
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
    for (const train of held) if (!fresh.has(train.key)) trains.push(train);
  }
  return trains;
}

function dateText(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}
