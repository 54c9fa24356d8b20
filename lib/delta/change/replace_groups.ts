/** Replaces groups of rows whole, for data whose newest version wins. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { pl } from "../../packages/polars.ts";
import type { DataFile } from "../read/data_file.ts";
import { groupByPartition, partitionKeys } from "./partition_groups.ts";
import { rewriteByRows } from "./rewrite_by_rows.ts";
import { commitComputed, type ComputedChange, type WriteOutcome } from "../table/commit_computed.ts";
import type { ChangeOptions } from "./delete_rows.ts";
import { fileMatcher } from "../stats/file_pruning.ts";
import { partitionFields } from "../actions/table_columns.ts";
import { asStored } from "../write/partition_frame.ts";
import { fitFrame } from "../write/frame_to_schema.ts";
import { keyPredicate } from "./key_predicate.ts";
import { findKeys, type FoundKeys } from "./merge_keys.ts";
import { openSource, withPlainStrings } from "./merge_source.ts";
import type { Snapshot } from "../log/snapshot.ts";
import type { DeltaTable } from "../table/table.ts";
import { type ChangeTarget, type EvolveChoice, planWrite } from "../table/write_plan.ts";
import type { Frame } from "../schema/polars_type.ts";
import { type Rows, toFrame } from "../write/frame_of.ts";

/** What a group is, and which of two groups stays. */
export interface ReplaceGroupsOptions extends EvolveChoice, ChangeOptions {
  /** The columns that identify a group; none of them may be null. */
  readonly by: readonly string[];
  /**
   * A column such as a version: a group whose largest value is below that of the table's group is left out, and of a
   * group only the rows with its largest value are added. By default every group of the frame is added.
   */
  readonly newestBy?: string;
}

/**
 * Replaces whole groups of rows: those of the table that the frame has too are removed, and all rows of the frame are added.
 * Running it again changes nothing but the files.
 *
 * @throws {TypeError} when a key is null or a column does not fit
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, replaceGroups, scanTable, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ train: "string", version: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ train: ["IC 1", "IC 1", "IC 2"], version: [7, 7, 7] }));
 * const news = pl.DataFrame({ train: ["IC 1", "IC 2"], version: [8, 6] });
 * await replaceGroups(table, news, { by: ["train"], newestBy: "version" });
 * const frames = await Array.fromAsync(scanTable(table));
 * assertEquals(pl.concat(frames).sort("train").getColumn("version").toArray(), [8, 7]);
 * ```
 */
export async function replaceGroups(
  table: DeltaTable,
  source: Rows,
  options: ReplaceGroupsOptions,
): Promise<WriteOutcome> {
  checkArguments("replaceGroups", { table, rows: source, options }, GROUP_ARGUMENTS);
  const { by, newestBy, mergeSchema = false, txns = [] } = options;
  return await commitComputed(table, async (snapshot) => {
    const frame = toFrame(source, snapshot.schema);
    const { target, metadata } = planWrite(table, snapshot, { frame, mergeSchema, removesRows: true });
    const columns = partitionFields(target).filter(({ name }) => frame.columns.includes(name));
    const stored = asStored(withPlainStrings(frame), columns);
    assertKeys(stored, by);
    const rows = newestRows(stored, by, newestBy);
    const change = await computeReplacement(rows, { by, newestBy, target, snapshot });
    const isNothing = change.adds?.length === 0 && change.removes?.length === 0 && txns.length === 0;
    if (isNothing && metadata === undefined) return undefined;
    return { ...change, txns, ...(metadata === undefined ? {} : { metadata }) };
  });
}

const GROUP_ARGUMENTS = {
  table: KIND.table,
  rows: KIND.rows,
  options: optionsOf({ by: KIND.names, newestBy: KIND.optional(KIND.text), ...KIND.change }),
};

interface GroupContext {
  readonly by: readonly string[];
  readonly newestBy: string | undefined;
  readonly target: ChangeTarget;
  readonly snapshot: Snapshot;
}

function assertKeys(frame: Frame, by: readonly string[]): void {
  const known = by.filter((name) => frame.columns.includes(name));
  const name = known.find((column) => frame.filter(pl.col(column).isNull()).height > 0);
  if (name === undefined) return;
  throw new TypeError(`Cannot replace groups by the column "${name}": found nulls, expected none`);
}

async function computeReplacement(rows: Frame, context: GroupContext): Promise<ComputedChange> {
  const { by, newestBy, target, snapshot } = context;
  const source = openSource(rows, by, target);
  const { partitionColumns } = snapshot.metadata;
  const matchOf = fileMatcher(keyPredicate(rows, { keys: source.on, partitionColumns }), snapshot);
  const candidates = [...snapshot.files.values()].filter((file) => matchOf(file) !== "none");
  const found = await findKeys(source, candidates, {
    target,
    beside: newestBy === undefined || by.includes(newestBy) ? [] : [newestBy],
  });
  const fresh = fitFrame(withoutStale(rows, found, context), target.schema);
  const newKeys = fresh.select(...by.map((name) => pl.col(name))).unique();
  const counts = { removed: 0, copied: 0 };
  const change = async (file: DataFile): Promise<Frame | "unchanged"> => {
    const old = await file.read();
    const kept = old.join(newKeys, { on: [...by], how: "anti" });
    if (kept.height === old.height) return "unchanged";
    counts.removed += old.height - kept.height;
    counts.copied += kept.height;
    return kept;
  };
  const hit = candidates.filter((file) => found.files.has(file));
  const groups = groupByPartition(hit, partitionKeys(target), fresh);
  const { adds, removes } = await rewriteByRows(
    groups.map(({ files, rows }) => ({ files, change, more: () => rows })),
    target,
  );
  return {
    operation: "MERGE",
    operationParameters: {
      matched: `groups by ${by.join(", ")} are replaced whole`,
      ...(newestBy === undefined ? {} : { newestBy }),
    },
    operationMetrics: {
      numSourceRows: String(rows.height),
      numTargetRowsInserted: String(fresh.height),
      numTargetRowsDeleted: String(counts.removed),
      numTargetRowsCopied: String(counts.copied),
      numTargetFilesAdded: String(adds.length),
      numTargetFilesRemoved: String(removes.length),
    },
    adds,
    removes,
    reads: { matches: (_values, file) => matchOf(file) !== "none" },
  };
}

const NEWEST = "group newest";

/** Of each group the rows with the largest value. */
function newestRows(rows: Frame, by: readonly string[], newestBy: string | undefined): Frame {
  if (newestBy === undefined) return rows;
  const newest = largest(rows, by, newestBy);
  const value = pl.col(newestBy);
  return rows.join(newest, { on: [...by], how: "left" })
    .filter(pl.col(NEWEST).isNull().or(value.eq(pl.col(NEWEST)).fillNull(false)))
    .drop(NEWEST);
}

// A group that the table has newer stays as it is.
function withoutStale(
  rows: Frame,
  { rows: found }: FoundKeys,
  { by, newestBy }: GroupContext,
): Frame {
  if (newestBy === undefined || found === undefined) return rows;
  return rows.join(largest(found, by, newestBy), { on: [...by], how: "left" })
    .filter(pl.col(NEWEST).gt(pl.col(newestBy)).fillNull(false).not())
    .drop(NEWEST);
}

function largest(rows: Frame, by: readonly string[], newestBy: string): Frame {
  return rows.groupBy([...by]).agg(pl.col(newestBy).max().alias(NEWEST));
}
