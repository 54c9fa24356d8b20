/** What a merge does with the files of a partition and the rows of the source that may belong there. */
import { pl } from "../../packages/polars.ts";
import type { Add } from "../actions/actions.ts";
import type { DataFile } from "../read/data_file.ts";
import type { Frame, Series } from "../schema/polars_type.ts";
import type { StructField } from "../schema/schema.ts";
import type { ChangeTarget } from "../table/write_plan.ts";
import { fitFrame } from "../write/frame_to_schema.ts";
import { ACTION, actionOf, applyInsertClauses, type Ready, rowClauseApplier } from "./apply_clauses.ts";
import type { InsertClause, RowClause } from "./merge_clauses.ts";
import { HIT, type MergeSource } from "./merge_source.ts";
import {
  groupByPartition,
  type PartitionGroup,
  type PartitionKey,
  partitionKeys,
} from "./partition_groups.ts";
import type { RewriteGroup } from "./rewrite_by_rows.ts";

/** A merge with its conditions ready. */
export interface MergePlan {
  readonly whenMatched: readonly Ready<RowClause>[];
  readonly whenNotMatched: readonly Ready<InsertClause>[];
  readonly whenNotMatchedBySource: readonly Ready<RowClause>[];
  readonly source: MergeSource;
  readonly target: ChangeTarget;
}

/** How many rows it has changed, known when the groups are written. */
export interface MergeCounts {
  updated: number;
  deleted: number;
  copied: number;
  inserted: number;
}

/** What stays the same from file to file. */
interface Merge extends MergePlan {
  /** Numbers the clause that applies to each joined row. */
  readonly numbered: (joined: Frame) => Frame;
  readonly applied: (numbered: Frame) => Frame;
  readonly counts: MergeCounts;
}

/** Rows of the source, and by which columns they and those of a file are compared. */
interface SourcePart {
  readonly frame: Frame;
  readonly keys: readonly string[];
  readonly names: readonly string[];
  /** Whether values are equal as keys exactly when polars counts them once. */
  readonly isExact: boolean;
  /** For the join that gives each matched row its row of the source. */
  readonly marked: Frame;
}

/** The name of a column with the number of the row; no column of a table has a blank in its name. */
const ROW = "merge row";

/**
 * The files with the rows of the source that can match there: partition by partition where these are part of the key.
 * Each file is opened once, its key columns first, and the rest of it only when rows match.
 */
export function mergeGroups(
  files: readonly Add[],
  plan: MergePlan,
): { readonly groups: readonly RewriteGroup[]; readonly counts: MergeCounts } {
  const counts: MergeCounts = { updated: 0, deleted: 0, copied: 0, inserted: 0 };
  const merge = { ...plan, ...clausesOf(plan), counts };
  // Clauses that do not fit are refused also where no row needs them.
  insertRows(plan.source.frame.head(0), merge);
  const keys = comparedPartition(plan);
  const groups = keys.length > 0 ? groupByPartition(files, keys, plan.source.frame) : [{
    // Rows of one partition follow each other, so that they end up in one file.
    files: groupByPartition(files, partitionKeys(plan.target)).flatMap((group) => group.files),
    rows: plan.source.frame,
  }];
  return { groups: groups.map((group) => mergeGroup(group, merge, keys)), counts };
}

function clausesOf(
  { whenMatched, whenNotMatchedBySource, source, target: { schema } }: MergePlan,
): Pick<Merge, "numbered" | "applied"> {
  const isHit = pl.col(HIT).isNotNull();
  const action = actionOf([
    { isMeant: isHit, clauses: whenMatched },
    { isMeant: isHit.not(), clauses: whenNotMatchedBySource },
  ]);
  const sourceColumns = source.fields.map(({ name }) => name);
  return {
    numbered: (joined) => joined.withColumns(action),
    applied: rowClauseApplier([...whenMatched, ...whenNotMatchedBySource], { schema, sourceColumns }),
  };
}

/** The partition columns, when rows that match are in one partition and stay there; otherwise none. */
function comparedPartition(
  { source: { on, keys }, target: { metadata }, whenMatched, whenNotMatchedBySource }: MergePlan,
): readonly PartitionKey[] {
  const isMoving = [...whenMatched, ...whenNotMatchedBySource].some((clause) =>
    clause.action === "update" &&
    metadata.partitionColumns.some((name) => Object.hasOwn(clause.set ?? {}, name))
  );
  if (isMoving) return [];
  const found = metadata.partitionColumns.map((name) => on.findIndex((field) => field.name === name));
  const partition = found.flatMap((index) => {
    const [field, name] = [on[index], keys[index]];
    return field !== undefined && name !== undefined && isExactKey(field) ? [{ field, name }] : [];
  });
  return partition.length === found.length ? partition : [];
}

// The two zeros are one key and two texts, and bytes need not be a text at all.
function isExactKey({ type }: Pick<StructField, "type">): boolean {
  return typeof type === "string" && type !== "float" && type !== "double" && type !== "binary";
}

function mergeGroup(
  { files, rows }: PartitionGroup,
  merge: Merge,
  partition: readonly PartitionKey[],
): RewriteGroup {
  const part = sourcePart(rows ?? merge.source.frame.head(0), merge, partition);
  const found: Frame[] = [];
  return {
    files,
    change: async (file) => await mergeFile(file, { merge, part, found }),
    more: () => {
      const rows = notFound(part, found);
      return rows.height === 0 ? undefined : insertRows(rows, merge);
    },
  };
}

function sourcePart(
  frame: Frame,
  { source: { on, keys }, whenMatched }: Merge,
  partition: readonly PartitionKey[],
): SourcePart {
  const pairs = on.map(({ name }, index) => ({ name, key: keys[index] ?? name }));
  const other = pairs.filter(({ key }) => !partition.some(({ name }) => name === key));
  const compared = other.length === 0 ? pairs : other;
  const marked = frame.withColumns(pl.lit(true).alias(HIT));
  // As in Spark it matters which row of the source is meant, but where all matched rows go whatever it is.
  const [only] = whenMatched;
  const isClear = whenMatched.length === 1 && only?.action === "delete" && only.where === undefined;
  return {
    frame,
    keys: compared.map(({ key }) => key),
    names: compared.map(({ name }) => name),
    isExact: on.every(isExactKey),
    marked: isClear ? marked.unique({ subset: [...keys] }) : marked,
  };
}

interface FileMerge {
  readonly merge: Merge;
  readonly part: SourcePart;
  /** Takes the keys of the source that the table has. */
  readonly found: Frame[];
}

async function mergeFile(file: DataFile, { merge, part, found }: FileMerge): Promise<Frame | "unchanged"> {
  const { whenMatched, whenNotMatched, whenNotMatchedBySource } = merge;
  const isWhole = whenNotMatchedBySource.length > 0;
  const read = await file.read(isWhole ? undefined : part.names);
  const matched = read.select(...part.names).withRowIndex(ROW).join(
    part.frame.select(...part.keys),
    { leftOn: [...part.names], rightOn: [...part.keys], how: "semi" },
  );
  if (matched.height > 0 && whenNotMatched.length > 0) found.push(matched.drop(ROW).unique());
  if (isWhole) return changeRows(read, undefined, { merge, part });
  if (matched.height === 0 || whenMatched.length === 0) return "unchanged";
  const rows = await file.complete(read);
  const marks = new Uint8Array(rows.height);
  for (const number of matched.getColumn(ROW).toArray()) marks[Number(number)] = 1;
  // Most rows of a file match nothing: they are not carried through the join and the clauses.
  const [meant, rest] = [rows.filter(booleans(marks)), rows.filter(booleans(marks.map((mark) => 1 - mark)))];
  return changeRows(meant, rest, { merge, part });
}

// By far the quickest way of so many booleans into polars, which takes typed arrays though its types do not say so.
function booleans(bytes: Uint8Array): Series {
  return pl.Series(ROW, bytes as unknown as number[], pl.UInt8).cast(pl.Bool);
}

function changeRows(
  meant: Frame,
  rest: Frame | undefined,
  { merge, part }: Omit<FileMerge, "found">,
): Frame | "unchanged" {
  const numbered = merge.numbered(joinSource(meant, merge, part));
  const taken = numbered.height - numbered.getColumn(ACTION).nullCount();
  if (taken === 0) return "unchanged";
  const result = merge.applied(numbered);
  const deleted = meant.height - result.height;
  merge.counts.deleted += deleted;
  merge.counts.updated += taken - deleted;
  merge.counts.copied += meant.height + (rest?.height ?? 0) - taken;
  return rest === undefined ? result : pl.concat([rest, result], { how: "vertical" });
}

function joinSource(rows: Frame, { source: { on, keys }, target }: Merge, { marked }: SourcePart): Frame {
  const names = on.map(({ name }) => name);
  const joined = rows.join(marked, { leftOn: names, rightOn: [...keys], how: "left" });
  if (joined.height === rows.height) return joined;
  const message = `found rows that match several of the source by ${names.join(", ")}, expected one`;
  throw new TypeError(`Cannot merge into "${target.store.label}": ${message}`);
}

/** The rows of the source whose key the table does not have; a null is no key. */
function notFound({ frame, keys, names, isExact }: SourcePart, found: readonly Frame[]): Frame {
  if (found.length === 0) return frame;
  const all = pl.concat([...found], { how: "vertical" });
  const rows = found.length === 1 ? all : all.unique();
  // Each of so many different keys is one of the source's: then none of its rows is left, nor is any without a key.
  if (isExact && rows.height === frame.height) return frame.head(0);
  return frame.join(rows, { leftOn: [...keys], rightOn: [...names], how: "anti" });
}

function insertRows(
  rows: Frame,
  { whenNotMatched, source, target: { schema }, counts }: Merge,
): Frame | undefined {
  if (whenNotMatched.length === 0) return undefined;
  const context = { schema, sourceColumns: source.fields.map(({ name }) => name) };
  const frames = applyInsertClauses(rows, whenNotMatched, context).map((frame) => fitFrame(frame, schema));
  const inserted = pl.concat(frames, { how: "vertical" });
  counts.inserted += inserted.height;
  return inserted;
}
