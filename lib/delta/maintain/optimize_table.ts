/** OPTIMIZE: many small files become few large ones. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Add } from "../actions/actions.ts";
import { jitteredBackoff } from "../store/backoff.ts";
import { CommitConflictError } from "../errors.ts";
import { fileKey } from "../actions/log_encoding.ts";
import { fileMatcher } from "../stats/file_pruning.ts";
import { planOptimize } from "./plan_optimize.ts";
import { type Condition, readCondition } from "../predicate/condition.ts";
import { predicateColumns } from "../predicate/predicate.ts";
import { rewriteFiles } from "./rewrite_files.ts";
import type { Frame } from "../schema/polars_type.ts";
import type { Snapshot } from "../log/snapshot.ts";
import type { DeltaTable } from "../table/table.ts";
import { tableProperties } from "../actions/table_properties.ts";

/** Options of {@linkcode optimizeTable}. */
export interface OptimizeOptions {
  /** Only partitions that this matches; may use partition columns only. */
  readonly where?: Condition;
  /** By default `delta.targetFileSize` of the table, or 128 MiB. */
  readonly targetFileSizeBytes?: number;
  /** Rows of a rewritten file at most: tiny rows fill memory by their number. Without limit by default. */
  readonly targetFileRows?: number;
  /** Partitions with fewer small files are left alone; by default 2. */
  readonly minFiles?: number;
  /** Leaves partitions alone that have a file of this time or a later one, in milliseconds since 1970 UTC. */
  readonly unchangedSinceMs?: number;
  /** Leaves out a file that is larger than all it would be merged with, so that no row is rewritten often. */
  readonly isLazy?: boolean;
  /** Columns by which the rows are sorted, nulls first; by default they keep their order. */
  readonly sortBy?: readonly string[];
  /** Gives the tags of a new file from its rows, partition columns included. */
  readonly describeRows?: (rows: Frame) => Readonly<Record<string, string>>;
}

/** What an optimize did. */
export interface OptimizeOutcome {
  /** The version it made; undefined when there was nothing to do. */
  readonly version: number | undefined;
  /** Files that were replaced. */
  readonly filesRemoved: number;
  /** Files that were written. */
  readonly filesAdded: number;
  /** Of the removed files. */
  readonly bytesRemoved: number;
  /** Of the added files. */
  readonly bytesAdded: number;
}

/** Files that were rewritten, and those that replace them. */
interface Rewrite {
  readonly removes: readonly Add[];
  readonly adds: readonly Add[];
}

/**
 * Rewrites small files of each partition into larger ones, without changing a row.
 *
 * Works beside other writers: their appends go on, and where one of them has removed a file meanwhile, that part of the
 * work is dropped and the rest committed. Old files stay for readers of older versions until `vacuumTable`.
 *
 * @throws {TypeError} when `where` uses a column that the table is not partitioned by
 * @throws {CommitConflictError} when other writers won every race that the table allows
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, optimizeTable, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * for (const name of ["HKI", "TPE"]) await appendFrame(table, pl.DataFrame({ name: [name], track: [1] }));
 * const { filesRemoved, filesAdded } = await optimizeTable(table);
 * assertEquals([filesRemoved, filesAdded], [2, 1]);
 * ```
 */
export async function optimizeTable(
  table: DeltaTable,
  options: OptimizeOptions = {},
): Promise<OptimizeOutcome> {
  checkArguments("optimizeTable", { table, options }, { table: KIND.table, options: OPTIMIZE_OPTIONS });
  const snapshot = await table.update();
  const { sortBy = [], where } = options;
  const { targetFileSizeBytes = tableProperties(snapshot.metadata).targetFileSizeBytes } = options;
  const isSorted = sortBy.length > 0;
  const plan = planOptimize(filesOf(snapshot, where), { ...options, targetFileSizeBytes, isSorted });
  const rewrites: Rewrite[] = [];
  try {
    for (const removes of plan) {
      const adds = await rewriteFiles(table, removes, { ...options, targetFileSizeBytes });
      rewrites.push({ removes, adds });
    }
  } catch (error) {
    await table.discard(rewrites.flatMap(({ adds }) => adds));
    throw error;
  }
  return await commitRewrites(table, { rewrites, snapshot }, describe(options, targetFileSizeBytes));
}

const OPTIMIZE_OPTIONS = optionsOf({
  where: KIND.optional(KIND.condition),
  targetFileSizeBytes: KIND.optional(KIND.positive),
  targetFileRows: KIND.optional(KIND.positive),
  minFiles: KIND.optional(KIND.count),
  unchangedSinceMs: KIND.optional(KIND.positive),
  isLazy: KIND.optional(KIND.flag),
  sortBy: KIND.optional(KIND.names),
  describeRows: KIND.optional(KIND.callable),
});

function filesOf(snapshot: Snapshot, condition: Condition | undefined): readonly Add[] {
  const files = [...snapshot.files.values()];
  if (condition === undefined) return files;
  const where = readCondition(condition, snapshot.schema);
  const { partitionColumns } = snapshot.metadata;
  const other = predicateColumns(where).find((name) => !partitionColumns.includes(name));
  if (other !== undefined) {
    const expected = partitionColumns.join(", ") || "none, since the table has no partitions";
    throw new TypeError(`Cannot choose partitions by "${other}": expected ${expected}`);
  }
  const matchOf = fileMatcher(where, snapshot);
  return files.filter((add) => matchOf(add) !== "none");
}

function describe({ sortBy = [] }: OptimizeOptions, targetFileSizeBytes: number) {
  return { sortBy: JSON.stringify(sortBy), targetSize: String(targetFileSizeBytes), auto: "false" };
}

async function commitRewrites(
  table: DeltaTable,
  planned: { readonly rewrites: readonly Rewrite[]; readonly snapshot: Snapshot },
  operationParameters: Readonly<Record<string, string>>,
): Promise<OptimizeOutcome> {
  const { backoff = jitteredBackoff(), maxAttempts = 50 } = table.options;
  let { rewrites, snapshot } = planned;
  for (let attempt = 1; rewrites.length > 0; attempt++) {
    const [removes, adds] = [rewrites.flatMap((one) => one.removes), rewrites.flatMap((one) => one.adds)];
    const totals = totalsOf(removes, adds);
    const outcome = await table.commit({
      readSnapshot: snapshot,
      operation: "OPTIMIZE",
      operationParameters,
      operationMetrics: metricsOf(totals),
      removes,
      adds,
      reads: "none",
      dataChange: false,
    });
    if (outcome.status === "committed") return { version: outcome.version, ...totals };
    const { schema } = snapshot;
    snapshot = await table.update();
    // Files of another schema could lack what the table now requires.
    rewrites = await dropLost(table, rewrites, snapshot.schema === schema ? snapshot : undefined);
    if (attempt >= maxAttempts) throw await lostError(table, rewrites, maxAttempts);
    if (rewrites.length > 0) await backoff(attempt);
  }
  return { version: undefined, ...totalsOf([], []) };
}

/** Keeps the rewrites whose old files are all still in the table. */
async function dropLost(
  table: DeltaTable,
  rewrites: readonly Rewrite[],
  snapshot: Snapshot | undefined,
): Promise<readonly Rewrite[]> {
  const isWhole = ({ removes }: Rewrite) =>
    snapshot !== undefined && removes.every(({ path }) => snapshot.files.get(fileKey(path))?.path === path);
  await table.discard(rewrites.filter((one) => !isWhole(one)).flatMap(({ adds }) => adds));
  return rewrites.filter(isWhole);
}

function totalsOf(removes: readonly Add[], adds: readonly Add[]): Omit<OptimizeOutcome, "version"> {
  const bytesOf = (files: readonly Add[]) => files.reduce((sum, { size }) => sum + size, 0);
  return {
    filesRemoved: removes.length,
    filesAdded: adds.length,
    bytesRemoved: bytesOf(removes),
    bytesAdded: bytesOf(adds),
  };
}

function metricsOf(totals: Omit<OptimizeOutcome, "version">): Readonly<Record<string, string>> {
  return {
    numRemovedFiles: String(totals.filesRemoved),
    numAddedFiles: String(totals.filesAdded),
    numRemovedBytes: String(totals.bytesRemoved),
    numAddedBytes: String(totals.bytesAdded),
  };
}

async function lostError(
  table: DeltaTable,
  rewrites: readonly Rewrite[],
  attempts: number,
): Promise<CommitConflictError> {
  await table.discard(rewrites.flatMap(({ adds }) => adds));
  const message =
    `Cannot optimize "${table.store.label}": found other commits at each of ${attempts} attempts, ` +
    `expected to come first once`;
  return new CommitConflictError(message, table.snapshot.version, { table: table.store.label });
}
