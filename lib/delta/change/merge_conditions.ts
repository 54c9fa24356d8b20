/** Conditions of a merge, as text or predicates over `source.` and `target.`, turned into expressions over joined rows. */
import { pl } from "../../packages/polars.ts";
import { type Condition, readCondition } from "../predicate/condition.ts";
import { toPolars } from "../predicate/polars.ts";
import type { ColumnPath, Predicate } from "../predicate/predicate.ts";
import type { StructField, StructType } from "../schema/schema.ts";
import type { Expression } from "../schema/polars_type.ts";
import type { Ready } from "./apply_clauses.ts";
import { type MergeCondition, SOURCE } from "./merge_clauses.ts";

/** The columns on both sides; a side that a clause does not see is left out. */
export interface MergeSides {
  readonly source?: readonly StructField[];
  readonly target?: readonly StructField[];
}

/**
 * The condition as an expression over joined rows, where a column of the source has its prefix.
 *
 * @throws {TypeError} naming the character where a text cannot be read
 */
function mergeCondition(
  where: MergeCondition | undefined,
  sides: MergeSides,
): Expression | undefined {
  if (where === undefined || pl.Expr.isExpr(where)) return where as Expression | undefined;
  const predicate = readCondition(where as Condition, seenColumns(sides));
  return toPolars(mapColumns(predicate, (path) => joinedPath(path, sides)), joinedColumns(sides));
}

/** The clauses with their conditions as expressions. */
export function readyClauses<Clause extends { readonly where?: MergeCondition }>(
  clauses: readonly Clause[],
  sides: MergeSides,
): readonly Ready<Clause>[] {
  return clauses.map((clause) => ({ ...clause, where: mergeCondition(clause.where, sides) }));
}

/** What a text may name: both sides, and without a side those of the table, or of the source where that is alone. */
function seenColumns({ source, target }: MergeSides): StructType {
  const sides = Object.entries({ source, target }).flatMap(([name, fields]) =>
    fields === undefined ? [] : [structField(name, fields)]
  );
  const plain = (target ?? source ?? []).filter(({ name }) => name !== "source" && name !== "target");
  return { type: "struct", fields: [...plain, ...sides] };
}

function structField(name: string, fields: readonly StructField[]): StructField {
  return { name, type: { type: "struct", fields }, nullable: true, metadata: {} };
}

function joinedColumns({ source = [], target = [] }: MergeSides): StructType {
  return {
    type: "struct",
    fields: [...target, ...source.map((field) => ({ ...field, name: SOURCE + field.name }))],
  };
}

function joinedPath(path: ColumnPath, { source, target }: MergeSides): ColumnPath {
  const [side, name, ...below] = path;
  if (side === "source" && source !== undefined && name !== undefined) return [SOURCE + name, ...below];
  if (side === "target" && target !== undefined && name !== undefined) return [name, ...below];
  return target === undefined ? [SOURCE + side, ...path.slice(1)] : path;
}

function mapColumns(predicate: Predicate, map: (path: ColumnPath) => ColumnPath): Predicate {
  switch (predicate.kind) {
    case "and":
    case "or":
      return { ...predicate, terms: predicate.terms.map((term) => mapColumns(term, map)) };
    case "not":
      return { ...predicate, term: mapColumns(predicate.term, map) };
    case "compareColumns":
      return { ...predicate, column: map(predicate.column), other: map(predicate.other) };
    default:
      return { ...predicate, column: map(predicate.column) };
  }
}
