/**
 * The pipeline from quarantine back into the tables, after the rules have changed: what is accepted now is merged as if
 * it had never been rejected, leaves quarantine, and is counted. As many files of the quarantine table as memory allows
 * are one release: each release reads landing for what came later, so one per file would cost files times files.
 */
import type { Chunk } from "../../broker/broker.ts";
import { scannedFiles } from "../../delta/mod.ts";
import { readRejectedRecords } from "../../landing/read_rejected_records.ts";
import { type RejectionFilter, rejectionPredicate } from "../../landing/rejected_row.ts";
import { type CounterSource, counterSource } from "../../quality/standard_counter.ts";
import { mergeReleased } from "../../standard/merge_released.ts";
import type { MergeFindings } from "../../standard/stage_merge.ts";
import { TrainIndex } from "../../standard/train_index.ts";
import type { BatchRecord } from "../../tables/batch_record.ts";
import { rowTags } from "../../tables/count_tags.ts";
import { type Lake, updateLake } from "../../tables/lake.ts";
import { releaseNumber } from "../../tables/release_mark.ts";
import { type Release, releaseMetric } from "../../tables/release_record.ts";
import type { ValidatedChunk } from "../../validate/validate_chunk.ts";
import { validateChunks } from "../../validate/validate_chunks.ts";
import { AnalysisWork } from "../analysis/analysis_work.ts";
import { keepAnalysis } from "../analysis/keep_analysis.ts";
import { completeRelease, finishRelease } from "./complete_release.ts";
import { orderReleased } from "./order_released.ts";
import type { ProcessRun, Surroundings } from "../process_run.ts";

/** Which messages, and what the replay takes from outside. */
export interface ReplayOptions {
  readonly filter: RejectionFilter;
  readonly surroundings: Pick<Surroundings, "monotonic" | "signal" | "releaseMemory">;
  /** Only look what would be accepted; the tables may then be open for reading alone. */
  readonly isDry?: boolean;
  /** From how many bytes of messages on a release takes no further file; 16 MiB by default. */
  readonly releaseBytes?: number;
  /** Which trains the user keeps out now; by default none. */
  readonly refusal?: ProcessRun["refusal"];
  /** Counts the rows of the standard table; by default the rules that need no metadata. */
  readonly counter?: CounterSource;
}

/** What became of the messages. */
export interface ReplayCounts {
  /** Validated again. */
  readonly replayed: number;
  /** Accepted now; they are in the standard table, or were there in another message, or are older than what is. */
  readonly released: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly stale: number;
}

interface Replay extends ReplayOptions {
  readonly counter: CounterSource;
  readonly lake: Lake;
  readonly index: TrainIndex;
  readonly analysis: AnalysisWork;
}

/** How often a replay starts again from the tables before it gives up on what is always faster. */
const ATTEMPT_LIMIT = 100;
const RELEASE_BYTES = 16 << 20;
/** The commit of a release names each of its messages. */
const RELEASE_MESSAGES = 50_000;
const NOTHING: ReplayCounts = { replayed: 0, released: 0, accepted: 0, duplicate: 0, stale: 0 };
const NO_COUNTS = { accepted: 0, duplicate: 0, stale: 0, conflict: 0, rowsAdded: 0, rowsRemoved: 0 };

/**
 * Replays the messages of one topic. A replay that was killed is completed by the next one, or by `process`.
 *
 * @throws {Error} when other processes were faster without end
 */
export async function replayQuarantine(lake: Lake, options: ReplayOptions): Promise<ReplayCounts> {
  const { surroundings, isDry = false } = options;
  const { signal, releaseMemory } = surroundings;
  const { counter = counterSource() } = options;
  await using analysis = new AnalysisWork();
  const replay: Replay = { ...options, lake, index: new TrainIndex(), counter, analysis };
  const tried = new Set<string>();
  let sums = NOTHING;
  for (let lost = 0; !signal.aborted;) {
    if (!isDry) {
      await updateLake(lake);
      await completeRelease(lake);
    }
    // What the standard table has not come to is still the business of process.
    const taken = await takeFiles(replay, { tried, ends: lake.standard.nextOffsets() });
    if (taken.paths.length === 0) break;
    const outcome = await replayFiles(taken, replay);
    await releaseMemory();
    if (outcome === "overtaken") {
      if (++lost === ATTEMPT_LIMIT) throw alwaysOvertaken(lake);
      continue;
    }
    for (const path of [...taken.paths, ...outcome.rest]) tried.add(path);
    sums = addCounts(sums, outcome.counts);
  }
  if (!isDry) await keepAnalysis({ lake, analysis, surroundings });
  return sums;
}

/** Files of the quarantine table, and those of their messages that are replayed. */
interface Taken {
  readonly paths: readonly string[];
  readonly chunks: readonly Chunk[];
}

/** Takes files that were not tried yet; what process, or another replay, has written meanwhile comes too. */
async function takeFiles(
  { lake: { quarantine }, filter, releaseBytes = RELEASE_BYTES }: Replay,
  { tried, ends }: { readonly tried: ReadonlySet<string>; readonly ends: ReadonlyMap<number, bigint> },
): Promise<Taken> {
  const paths: string[] = [];
  const chunks: Chunk[] = [];
  let bytes = 0, messages = 0;
  for (const { add } of scannedFiles(quarantine.delta.snapshot, rejectionPredicate(filter))) {
    if (tried.has(add.path)) continue;
    paths.push(add.path);
    for (const chunk of await readRejectedRecords(quarantine, add, { ends, ...filter })) {
      chunks.push(chunk);
      bytes += chunk.sizeBytes;
      messages += chunk.records.length;
    }
    if (bytes >= releaseBytes || messages >= RELEASE_MESSAGES) break;
  }
  return { paths, chunks };
}

/** What became of the messages of some files, and the files with what stays of them. */
interface ReplayOutcome {
  readonly counts: ReplayCounts;
  readonly rest: readonly string[];
}

async function replayFiles({ chunks: taken }: Taken, replay: Replay): Promise<ReplayOutcome | "overtaken"> {
  const { lake, isDry, refusal, surroundings: { monotonic } } = replay;
  const after = releaseNumber(lake.standard);
  // What is released, and not yet taken out, would be released twice.
  if (releaseNumber(lake.quarantine) < after && !isDry) return "overtaken";
  const chunks = await Array.fromAsync(
    validateChunks(streamOf(taken), {
      topic: lake.topic,
      aheadBytes: 0,
      monotonic,
      refusal: refusal ? { ...refusal, from: new Map() } : null,
    }),
  );
  const replayed = taken.reduce((sum, chunk) => sum + chunk.records.length, 0);
  const released = chunks.reduce((sum, { spans }) => sum + spans.length, 0);
  const counts = { ...NOTHING, replayed, released };
  if (released === 0 || isDry) return { counts, rest: [] };
  const outcome = await releaseChunks(chunks, after, replay);
  if (outcome === "overtaken") return outcome;
  replay.analysis.seeReleased(chunks, outcome.release.number);
  const rest = await finishRelease(lake, outcome.release, outcome.version);
  const sums = outcome.release.records.reduce(addCounts, { ...counts, released: 0, replayed: 0 });
  return { counts: { ...sums, replayed, released }, rest: rest.map(({ path }) => path) };
}

async function releaseChunks(
  chunks: readonly ValidatedChunk[],
  after: bigint,
  { lake, index, counter, surroundings: { monotonic } }: Replay,
): Promise<{ readonly release: Release; readonly version: number } | "overtaken"> {
  const started = monotonic();
  const number = [lake.standard, lake.quarantine, lake.batches].map((table) => releaseNumber(table))
    .reduce((most, each) => each > most ? each : most) + 1n;
  const spans = chunks.flatMap((chunk) => chunk.spans);
  let release: Release = { number, topic: lake.topic, places: placesOf(chunks), records: [] };
  const outcome = await mergeReleased(lake.standard, {
    number,
    after,
    spans,
    index,
    tags: rowTags(await counter()),
    inputOf: (held, snapshot) => orderReleased({ lake, chunks, held, snapshot, monotonic }),
    describeCommit: (found) => {
      const seconds = (monotonic() - started) / 1000;
      release = { ...release, records: describeRelease(release, { chunks, found, lake, seconds }) };
      return releaseMetric(release);
    },
  });
  return outcome === "overtaken" ? outcome : { release, version: outcome.version };
}

function placesOf(chunks: readonly ValidatedChunk[]): Release["places"] {
  const spans = Map.groupBy(chunks.flatMap((chunk) => chunk.spans), (span) => span.partition);
  return new Map(
    [...spans].map(([partition, mine]) =>
      [partition, mine.map(({ offset }) => offset).sort((a, b) => Number(a - b))] as const
    ),
  );
}

interface DescribeOptions {
  readonly chunks: readonly ValidatedChunk[];
  readonly found: MergeFindings;
  readonly lake: Lake;
  /** Up to the standard commit. */
  readonly seconds: number;
}

/** A release covers no offsets: it stands where its partition's next batch begins. */
function describeRelease(
  { number, topic, places }: Release,
  { chunks, found: { counts, changes }, lake: { standard, landing, quarantine }, seconds }: DescribeOptions,
): readonly BatchRecord[] {
  const next = standard.nextOffsets();
  const validate = chunks.reduce((sum, chunk) => sum + chunk.seconds, 0);
  return [...new Set([...places.keys(), ...counts.keys()])].sort((a, b) => a - b).map((partition) => {
    const offset = next.get(partition) ?? 0n;
    return {
      topic,
      partition,
      offsetFrom: offset,
      offsetTo: offset,
      landed: 0,
      expired: 0,
      gaps: 0,
      quarantined: 0,
      sizeBytes: 0,
      ...(counts.get(partition) ?? NO_COUNTS),
      // Validation has counted it when it rejected them, as far as it came.
      drift: {},
      seconds: { validate, quarantine: 0, landing: 0, standard: seconds },
      landingVersion: landing.delta.snapshot.version,
      quarantineVersion: quarantine.delta.snapshot.version,
      released: places.get(partition)?.length ?? 0,
      release: Number(number),
      measures: changes.get(partition)?.toCounts() ?? {},
    };
  });
}

/** The sum of several replays. */
export function addReplays(replays: readonly ReplayCounts[]): ReplayCounts {
  return replays.reduce(addCounts, NOTHING);
}

type SomeCounts = { readonly [Name in keyof ReplayCounts]?: number | undefined };

function addCounts(sums: ReplayCounts, more: SomeCounts): ReplayCounts {
  const sum = (name: keyof ReplayCounts) => sums[name] + (more[name] ?? 0);
  return {
    replayed: sum("replayed"),
    released: sum("released"),
    accepted: sum("accepted"),
    duplicate: sum("duplicate"),
    stale: sum("stale"),
  };
}

async function* streamOf<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

function alwaysOvertaken({ quarantine, topic }: Lake): Error {
  return new Error(
    `Cannot replay "${topic}" out of "${quarantine.delta.store.label}": found that another process was faster ` +
      `${ATTEMPT_LIMIT} times, expected to come first once`,
  );
}
