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
 * When a train was first seen, and which tracks older messages named, stands in no row of the standard table. That is
 * gathered from the messages (`sightings.ts`, `seen_tracks.ts`) and added to what a date's rows of `train_runs` have of
 * it; marks say up to which message that was done. `station_days` takes the tracks from there, so it comes last.
 *
 * The rows of a date are at hand when a merge writes them: `FileFacts` works out what is needed then, so that a batch
 * reads nothing of the standard table again.
 */
import {
  type Add,
  commitComputed,
  type DeltaTable,
  type SetTransaction,
  type Snapshot,
} from "../delta/mod.ts";
import { noteIn } from "../tables/note_log.ts";
import type { AnalysisName } from "../tables/table_paths.ts";
import type { DateFacts } from "./date_facts.ts";
import { dateGroups } from "./date_groups.ts";
import type { FileFacts } from "./file_facts.ts";
import { type OutdatedDate, outdatedDates } from "./outdated_dates.ts";
import { RunFiles } from "./run_files.ts";
import { SeenTracks } from "./seen_tracks.ts";
import { Sightings } from "./sightings.ts";
import { stageDates } from "./stage_dates.ts";
import { datesSeenEarlier, type SeenMessages } from "./stored_sightings.ts";

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
  /** Which tracks they have named. */
  readonly tracks?: SeenTracks | undefined;
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
  const { sightings = new Sightings(), tracks = new SeenTracks(), marks = () => [] } = options;
  const seen: SeenMessages = { sightings, tracks };
  const also = isRebuild ? undefined : await datesWithNews({ standard, analysis }, seen);
  const outdated = new Map(
    Object.keys(analysis).flatMap((name) =>
      outdatedIn(name as AnalysisName, analysis, { standard: standard.snapshot, isRebuild, also })
    ).filter(({ date }) => asked?.has(date) ?? true).map((each) => [each.date, each] as const),
  );
  const dates = [...outdated.values()].sort((a, b) => a.date < b.date ? -1 : 1);
  const runFiles = new RunFiles(analysis.train_runs, tracks.names);
  let done = 0;
  onDates(dates.length, done);
  for await (const group of dateGroups(standard, dates)) {
    if (signal.aborted) break;
    const factsOf = rememberDates((files) => options.facts.ofDate(standard, files));
    const isLast = done + group.size === dates.length;
    const update = { analysis, group, factsOf, standard: standard.snapshot, isRebuild, seen, also, runFiles };
    const updateOf = (name: AnalysisName) =>
      updateTable(name, { ...update, marks: isLast && isRuns(name) ? marks : () => [] });
    await Promise.all([updateOf("train_runs"), updateOf("leg_delays")]);
    await updateOf("station_days");
    onDates(dates.length, done += group.size);
    if (done < dates.length) await releaseMemory();
  }
  if (dates.length === 0) await noteIn(analysis.train_runs, marks);
  return dates.length;
}

/** Dates whose rows of `train_runs` do not have what was seen; those that are outdated anyway are not looked at. */
async function datesWithNews(
  { standard, analysis: { train_runs } }: AnalysisInput,
  seen: SeenMessages,
): Promise<ReadonlySet<string>> {
  const outdated = new Set(outdatedDates(standard.snapshot, train_runs.snapshot).map(({ date }) => date));
  const earlier = await datesSeenEarlier(train_runs, seen, outdated);
  // Another process may bring one of them up to date at this moment, and knows nothing of what was seen here.
  return new Set([
    ...earlier,
    ...[...seen.sightings.dates, ...seen.tracks.dates].filter((date) => outdated.has(date)),
  ]);
}

interface OutdatedInOptions {
  readonly standard: Snapshot;
  readonly isRebuild: boolean;
  readonly also: ReadonlySet<string> | undefined;
  /** By default the newest one that is known. */
  readonly snapshot?: Snapshot;
}

function outdatedIn(
  name: AnalysisName,
  analysis: AnalysisInput["analysis"],
  { standard, isRebuild, also, snapshot = analysis[name].snapshot }: OutdatedInOptions,
): readonly OutdatedDate[] {
  if (isRuns(name)) return outdatedDates(standard, snapshot, { isRebuild, also });
  const beside = name === "station_days" ? analysis.train_runs.snapshot : undefined;
  return outdatedDates(standard, snapshot, { isRebuild, beside });
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
  readonly analysis: AnalysisInput["analysis"];
  readonly group: ReadonlySet<string>;
  readonly factsOf: FactsOf;
  readonly standard: Snapshot;
  readonly isRebuild: boolean;
  readonly seen: SeenMessages;
  readonly runFiles: RunFiles;
  readonly also: ReadonlySet<string> | undefined;
  readonly marks: NonNullable<UpdateOptions["marks"]>;
}

async function updateTable(name: AnalysisName, options: TableOptions): Promise<void> {
  const { analysis, group, standard, marks } = options;
  const table = analysis[name];
  const txn = { appId: `${name}/${standard.metadata.id}`, version: BigInt(standard.version) };
  const attempt = () =>
    commitComputed(table, async (snapshot) => {
      if ((snapshot.txns.get(txn.appId)?.version ?? -1n) > txn.version) return undefined;
      const outdated = outdatedIn(name, analysis, { ...options, snapshot }).filter(({ date }) =>
        group.has(date)
      );
      const noted = marks(snapshot);
      if (outdated.length === 0 && noted.length === 0) return undefined;
      return { ...await stageDates(table, outdated, { name, ...options }), txns: [txn, ...noted] };
    }, { isFresh: true });
  // Another process has done the same, or more, meanwhile.
  while ((await attempt()).status === "conflict") await table.update();
}
