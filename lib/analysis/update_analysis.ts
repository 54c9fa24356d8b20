/**
 * Stage after standard, beside quality. Receives the rows of the standard table; hands the analysis tables to whoever
 * asks of trains, legs and stations.
 *
 * Each analysis table is a function of the standard table: a departure date is worked out of all rows of that date
 * and takes the place of what was there, so that it does not matter in which order and in which batches messages came,
 * and a table that was kept up to date is the same as one that is rebuilt. What is outdated is seen from the files alone
 * (`outdated_dates.ts`): nothing has to be remembered across a crash, and what one process left undone, or another
 * engine has changed, the next one finds. The `txn` of each table says which version of the standard table has been
 * looked at: a process that knows an older one leaves alone what another has made of a newer one.
 *
 * When a train was first seen stands in no row of the standard table. That is gathered from the messages
 * (`sightings.ts`) and added to what a date's rows have of it; marks say up to which message that was done.
 *
 * The rows of a date are at hand when a merge writes them: `FileFacts` works out what is needed then, so that a batch
 * reads nothing of the standard table again.
 */
import {
  type Add,
  commitComputed,
  type ComputedChange,
  type DeltaTable,
  rowCount,
  type SetTransaction,
  type Snapshot,
} from "../delta/mod.ts";
import { ANALYSIS_PARTITION } from "../tables/analysis_schemas.ts";
import { noteIn } from "../tables/note_log.ts";
import type { AnalysisName } from "../tables/table_paths.ts";
import { type DateFacts, tableColumns } from "./date_facts.ts";
import { dateGroups } from "./date_groups.ts";
import type { FileFacts } from "./file_facts.ts";
import { type OutdatedDate, outdatedDates, SOURCE_TAG } from "./outdated_dates.ts";
import { Sightings, withSightings } from "./sightings.ts";
import { datesSeenEarlier, storedSightings } from "./stored_sightings.ts";

/** What is read and what is kept. */
export interface AnalysisInput {
  readonly standard: DeltaTable;
  readonly analysis: Readonly<Record<AnalysisName, DeltaTable>>;
}

/** How it is gone about. */
export interface UpdateOptions {
  readonly facts: FileFacts;
  /** Ends the work after the dates at hand: what is left is outdated still. */
  readonly signal: AbortSignal;
  /** Called between commits. */
  readonly releaseMemory: () => Promise<void>;
  /** All dates, as if nothing was there. */
  readonly isRebuild?: boolean;
  /** Leaves all other dates as they are; by default none. */
  readonly dates?: ReadonlySet<string> | undefined;
  /** What messages have told of when trains were first seen. */
  readonly sightings?: Sightings | undefined;
  /** What `train_runs` notes when all is done, whether or not a date was outdated; none where it is noted already. */
  readonly marks?: ((trainRuns: Snapshot) => readonly SetTransaction[]) | undefined;
  /** Called before the work with the dates, and then with those that are done. */
  readonly onDates?: (total: number, done: number) => void;
}

/**
 * Works out the dates that are outdated in one of the tables, and commits them table by table. Returns how many dates.
 *
 * @throws {CommitConflictError} when other writers won every race that a table allows
 */
export async function updateAnalysis(
  { standard, analysis }: AnalysisInput,
  options: UpdateOptions,
): Promise<number> {
  const { signal, releaseMemory, isRebuild = false, dates: asked, onDates = () => {} } = options;
  const { sightings = new Sightings(), marks = () => [] } = options;
  const { snapshot } = standard;
  const tables = Object.entries(analysis) as [AnalysisName, DeltaTable][];
  const seenEarlier = isRebuild ? undefined : await datesSeenEarlier(analysis.train_runs, sightings);
  const outdated = new Map(
    tables.flatMap(([name, table]) =>
      outdatedDates(snapshot, table.snapshot, { isRebuild, also: isRuns(name) ? seenEarlier : undefined })
    )
      .filter(({ date }) => asked?.has(date) ?? true).map((each) => [each.date, each] as const),
  );
  const dates = [...outdated.values()].sort((a, b) => a.date < b.date ? -1 : 1);
  let done = 0;
  onDates(dates.length, done);
  for await (const group of dateGroups(standard, dates)) {
    if (signal.aborted) break;
    const factsOf = rememberDates((files) => options.facts.ofDate(standard, files));
    const isLast = done + group.size === dates.length;
    const update = { group, factsOf, standard: snapshot, isRebuild, sightings, also: seenEarlier };
    await Promise.all(
      tables.map(([name, table]) =>
        updateTable(table, { name, ...update, marks: isLast && isRuns(name) ? marks : () => [] })
      ),
    );
    onDates(dates.length, done += group.size);
    if (done < dates.length) await releaseMemory();
  }
  if (dates.length === 0) await noteIn(analysis.train_runs, marks);
  return dates.length;
}

function isRuns(name: AnalysisName): boolean {
  return name === "train_runs";
}

type FactsOf = (outdated: OutdatedDate) => Promise<DateFacts>;

/** Each table asks for the same dates. */
function rememberDates(read: (files: readonly Add[]) => Promise<DateFacts>): FactsOf {
  const known = new Map<string, Promise<DateFacts>>();
  // Rows of one date at a time are in memory.
  let last: Promise<unknown> = Promise.resolve();
  return ({ source, files }) => {
    const facts = known.get(source) ?? last.then(() => read(files));
    if (!known.has(source)) last = facts;
    known.set(source, facts);
    return facts;
  };
}

interface TableOptions {
  readonly name: AnalysisName;
  readonly group: ReadonlySet<string>;
  readonly factsOf: FactsOf;
  readonly standard: Snapshot;
  readonly isRebuild: boolean;
  readonly sightings: Sightings;
  readonly also: ReadonlySet<string> | undefined;
  readonly marks: NonNullable<UpdateOptions["marks"]>;
}

async function updateTable(table: DeltaTable, options: TableOptions): Promise<void> {
  const { name, group, standard, isRebuild, marks } = options;
  const also = isRuns(name) ? options.also : undefined;
  const txn = { appId: `${name}/${standard.metadata.id}`, version: BigInt(standard.version) };
  const attempt = () =>
    commitComputed(table, async (snapshot) => {
      if ((snapshot.txns.get(txn.appId)?.version ?? -1n) > txn.version) return undefined;
      const outdated = outdatedDates(standard, snapshot, { isRebuild, also }).filter(({ date }) =>
        group.has(date)
      );
      const noted = marks(snapshot);
      if (outdated.length === 0 && noted.length === 0) return undefined;
      return { ...await stageDates(table, outdated, options), txns: [txn, ...noted] };
    }, { isFresh: true });
  // Another process has done the same, or more, meanwhile.
  while ((await attempt()).status === "conflict") await table.update();
}

async function stageDates(
  table: DeltaTable,
  outdated: readonly OutdatedDate[],
  { name, factsOf, sightings }: TableOptions,
): Promise<ComputedChange> {
  const present = outdated.filter(({ files }) => files.length > 0);
  const staged = await Promise.all(present.map(async (each) => {
    const worked = tableColumns(await factsOf(each), name);
    const columns = isRuns(name)
      ? withSightings(worked, [sightings.of(each.date), ...await storedSightings(table, each.removes)])
      : worked;
    const partitionValues = { [ANALYSIS_PARTITION]: each.date };
    const add = await table.stageColumns(columns, { partitionValues, tags: { [SOURCE_TAG]: each.source } });
    return { add, rows: rowCount(columns) };
  }));
  const dates = new Set(outdated.map(({ date }) => date));
  return {
    operation: "WRITE",
    operationParameters: { mode: "Overwrite", partitionBy: JSON.stringify([ANALYSIS_PARTITION]) },
    operationMetrics: {
      numFiles: String(staged.length),
      numOutputRows: String(staged.reduce((sum, { rows }) => sum + rows, 0)),
      numOutputBytes: String(staged.reduce((sum, { add }) => sum + add.size, 0)),
    },
    adds: staged.map(({ add }) => add),
    removes: outdated.flatMap(({ removes }) => removes),
    reads: { matches: (values) => dates.has(values[ANALYSIS_PARTITION] ?? "") },
  };
}
