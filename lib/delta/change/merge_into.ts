/** MERGE: updates, deletes and inserts by key in one version. */
import { pl } from "../../packages/polars.ts";
import type { Add } from "../actions/actions.ts";
import { type FileChange, rewriteByRows } from "./rewrite_by_rows.ts";
import { commitComputed, type ComputedChange, type WriteOutcome } from "../table/commit_computed.ts";
import type { ChangeOptions } from "./delete_rows.ts";
import { fileMatcher } from "../stats/file_pruning.ts";
import { keyPredicate } from "./key_predicate.ts";
import type { InsertClause, RowClause } from "./merge_clauses.ts";
import { readyClauses } from "./merge_conditions.ts";
import { type MergeCounts, mergeGroups, type MergePlan } from "./merge_groups.ts";
import { type MergeSource, openSource } from "./merge_source.ts";
import type { Snapshot } from "../log/snapshot.ts";
import type { DeltaTable } from "../table/table.ts";
import { type EvolveChoice, planWrite } from "../table/write_plan.ts";
import type { Expression, Frame } from "../schema/polars_type.ts";
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { mayHaveLostValues, type Rows, toFrame } from "../write/frame_of.ts";

/**
 * How rows are merged, by the rules of Spark's MERGE (README.md has them as a table); of the clauses for one kind of row
 * the first whose `where` is true counts.
 */
export interface MergeOptions extends EvolveChoice, ChangeOptions {
  /** The key: columns that the source and the table have. A null matches nothing. */
  readonly on: readonly string[];
  /** For rows of the table whose key the source has; expressions may use both sides. */
  readonly whenMatched?: readonly RowClause[];
  /** For rows of the source whose key the table does not have. */
  readonly whenNotMatched?: readonly InsertClause[];
  /** For rows of the table whose key the source does not have; reads the whole table. */
  readonly whenNotMatchedBySource?: readonly RowClause[];
}

/**
 * Merges rows into a table by key, in one version. Only files that may hold keys of the source are
 * read, and only those that do are rewritten.
 *
 * @throws {TypeError} when a row of the table matches several of the source, unless all matched rows are deleted; when a
 *   column does not fit
 * @throws {CommitConflictError} when other writers won every race that the table allows
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, mergeInto, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * const news = [{ name: "TPE", track: 2 }, { name: "TKU", track: 3 }];
 * const outcome = await mergeInto(table, news, {
 *   on: ["name"],
 *   whenMatched: [{ action: "update", where: "source.track > target.track" }],
 *   whenNotMatched: [{}],
 * });
 * assertEquals([outcome.status, outcome.version], ["committed", 2]);
 * ```
 */
export async function mergeInto(
  table: DeltaTable,
  source: Rows,
  options: MergeOptions,
): Promise<WriteOutcome> {
  checkArguments("mergeInto", { table, source, options }, MERGE_ARGUMENTS);
  const { on, whenMatched = [], whenNotMatched = [], whenNotMatchedBySource = [] } = options;
  const { mergeSchema = false, txns = [] } = options;
  assertReachable({ whenMatched, whenNotMatched, whenNotMatchedBySource });
  const removesRows = whenMatched.length + whenNotMatchedBySource.length > 0;
  return await commitComputed(table, async (snapshot) => {
    const frame = toFrame(source, snapshot.schema);
    assertKeysKept(frame, on);
    const { target, metadata } = planWrite(table, snapshot, { frame, mergeSchema, removesRows });
    const opened = openSource(frame, on, target);
    const [seesSource, seesTarget] = [{ source: opened.fields }, { target: target.schema.fields }];
    const merge: Merge = {
      whenMatched: readyClauses(whenMatched, { ...seesSource, ...seesTarget }),
      whenNotMatched: readyClauses(whenNotMatched, seesSource),
      whenNotMatchedBySource: readyClauses(whenNotMatchedBySource, seesTarget),
      txns,
      source: opened,
      target,
      snapshot,
    };
    const change = await computeMerge(merge);
    if (change === undefined && metadata === undefined) return undefined;
    return { ...(change ?? NO_CHANGE), ...(metadata === undefined ? {} : { metadata }) };
  });
}

const ROW_CLAUSES = KIND.optional(KIND.listOf(
  optionsOf({
    action: KIND.action,
    where: KIND.optional(KIND.mergeCondition),
    set: KIND.optional(KIND.object),
  }),
  'an array of clauses, such as [{ action: "update" }]',
));
const INSERT_CLAUSES = KIND.optional(KIND.listOf(
  optionsOf({ where: KIND.optional(KIND.mergeCondition), values: KIND.optional(KIND.object) }),
  "an array of clauses, such as [{}] to insert all rows",
));
const MERGE_ARGUMENTS = {
  table: KIND.table,
  source: KIND.rows,
  options: optionsOf({
    on: KIND.names,
    whenMatched: ROW_CLAUSES,
    whenNotMatched: INSERT_CLAUSES,
    whenNotMatchedBySource: ROW_CLAUSES,
    ...KIND.change,
  }),
};

type Clauses = Pick<MergeOptions, "whenMatched" | "whenNotMatched" | "whenNotMatchedBySource">;

// As in Spark: a clause behind one without a condition would never be reached.
function assertReachable(clauses: Clauses): void {
  for (const [name, list] of Object.entries(clauses)) {
    const open = list.slice(0, -1).findIndex(({ where }) => where === undefined);
    if (open < 0) continue;
    throw new TypeError(
      `Cannot merge: found no "where" in ${name}[${open}], which is not the last clause, expected one, since no ` +
        "row would reach those behind it",
    );
  }
}

// polars makes null of a bigint in a column of Int64 without a word: such rows would be inserted, again and again.
function assertKeysKept(frame: Frame, on: readonly string[]): void {
  if (frame.height === 0 || !mayHaveLostValues(frame)) return;
  const known = on.filter((name) => frame.columns.includes(name));
  const lost = known.find((name) => frame.getColumn(name).nullCount() === frame.height);
  if (lost === undefined) return;
  throw new TypeError(
    `Cannot merge by the column "${lost}": found nothing but nulls in the frame, expected values; nodejs-polars makes ` +
      "null of values that a type cannot take, such as a bigint given for Int64: hand over the rows, or use frameOf",
  );
}

const NO_CHANGE: ComputedChange = { operation: "MERGE", reads: "none" };

/** A merge of one snapshot. */
interface Merge extends MergePlan, Required<Pick<MergeOptions, "txns">> {
  readonly snapshot: Snapshot;
}

async function computeMerge(merge: Merge): Promise<ComputedChange | undefined> {
  const { source, target, snapshot, whenNotMatchedBySource, txns } = merge;
  const matchOf = fileMatcher(
    keyPredicate(source.frame.select(...keyColumns(source)), {
      keys: source.on,
      partitionColumns: snapshot.metadata.partitionColumns,
    }),
    snapshot,
  );
  const isWhole = whenNotMatchedBySource.length > 0;
  const isNeeded = (file: Add): boolean => isWhole || matchOf(file) !== "none";
  const { groups, counts } = mergeGroups([...snapshot.files.values()].filter(isNeeded), merge);
  const { adds, removes } = await rewriteByRows(groups, target);
  if (adds.length === 0 && removes.length === 0 && txns.length === 0) return undefined;
  return {
    ...describeMerge(merge, counts, { adds, removes }),
    adds,
    removes,
    txns,
    reads: { matches: (_values, file) => isNeeded(file) },
  };
}

function keyColumns({ keys, on }: MergeSource): readonly Expression[] {
  return on.map(({ name }, index) => pl.col(keys[index] ?? name).alias(name));
}

function describeMerge(
  { source, ...clauses }: Merge,
  { updated, deleted, copied, inserted }: MergeCounts,
  { adds, removes }: FileChange,
): Pick<ComputedChange, "operation" | "operationParameters" | "operationMetrics"> {
  const actionsOf = (rows: readonly { readonly action?: string }[] = [], otherwise = "insert"): string =>
    JSON.stringify(rows.map(({ action = otherwise }) => ({ actionType: action })));
  const predicate = source.on.map(({ name }) => `(target.${name} = source.${name})`);
  return {
    operation: "MERGE",
    operationParameters: {
      predicate: JSON.stringify(predicate),
      matchedPredicates: actionsOf(clauses.whenMatched),
      notMatchedPredicates: actionsOf(clauses.whenNotMatched.map(() => ({}))),
      notMatchedBySourcePredicates: actionsOf(clauses.whenNotMatchedBySource),
    },
    operationMetrics: {
      numSourceRows: String(source.frame.height),
      numTargetRowsInserted: String(inserted),
      numTargetRowsUpdated: String(updated),
      numTargetRowsDeleted: String(deleted),
      numTargetRowsCopied: String(copied),
      numOutputRows: String(updated + copied + inserted),
      numTargetFilesAdded: String(adds.length),
      numTargetFilesRemoved: String(removes.length),
    },
  };
}
