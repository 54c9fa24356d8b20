/** Applies the clauses of a merge to joined rows. */
import { pl } from "../../packages/polars.ts";
import { assertValueTypes, type ColumnValues, valueExpressions } from "../predicate/column_value.ts";
import type { StructType } from "../schema/schema.ts";
import type { Expression, Frame } from "../schema/polars_type.ts";
import { type InsertClause, type RowClause, sourceColumn } from "./merge_clauses.ts";

/** A clause whose condition is ready to be evaluated on joined rows. */
export type Ready<Clause> = Clause & { readonly where: Expression | undefined };

/** The column that says which clause applies to a row; null for none. No column of a table has a blank in its name. */
export const ACTION = "merge action";

/** The clauses for rows on one side of the match. */
export interface ClauseSet {
  readonly isMeant: Expression;
  readonly clauses: readonly { readonly where?: Expression | undefined }[];
}

/** The number of the clause that applies to a row, counted through all sets; null when none does. */
export function actionOf(sets: readonly ClauseSet[]): Expression {
  const conditions = sets.flatMap(({ isMeant, clauses }) =>
    clauses.map(({ where }) => where === undefined ? isMeant : isMeant.and(where.fillNull(false)))
  );
  return conditions.reduceRight<Expression>(
    (otherwise, condition, index) => pl.when(condition).then(pl.lit(index)).otherwise(otherwise),
    pl.lit(null),
  ).cast(pl.Int32).alias(ACTION);
}

/** What clauses are applied to. */
export interface ClauseContext {
  readonly schema: StructType;
  /** The names of the source's columns. */
  readonly sourceColumns: readonly string[];
}

/**
 * Applies the clauses to rows that have an {@linkcode ACTION}: leaves out what is deleted, sets what is updated,
 * and gives the columns of the table. All frames have the same columns: what is found out of the first holds for all.
 */
export function rowClauseApplier(
  clauses: readonly Ready<RowClause>[],
  { schema, sourceColumns }: ClauseContext,
): (rows: Frame) => Frame {
  const deleted = clauses.flatMap(({ action }, index) => action === "delete" ? [index] : []);
  let columns: readonly Expression[] | undefined;
  return (rows) => {
    columns ??= columnsOf(clauses.map((clause) => valuesOf(clause, rows, { schema, sourceColumns })), schema);
    const kept = deleted.length === 0
      ? rows
      : rows.filter(pl.col(ACTION).isIn(deleted).fillNull(false).not());
    return kept.select(...columns);
  };
}

function valuesOf(
  clause: Ready<RowClause>,
  rows: Frame,
  { schema, sourceColumns }: ClauseContext,
): ReadonlyMap<string, Expression> {
  if (clause.action === "delete") return new Map();
  const expressions = valueExpressions(clause.set ?? fromSource(schema, sourceColumns), schema);
  assertValueTypes(rows, expressions, schema);
  return expressions;
}

function columnsOf(
  values: readonly ReadonlyMap<string, Expression>[],
  { fields }: StructType,
): readonly Expression[] {
  return fields.map(({ name }) =>
    values.reduce<Expression>((otherwise, set, index) => {
      const value = set.get(name);
      return value === undefined
        ? otherwise
        : pl.when(pl.col(ACTION).eq(pl.lit(index))).then(value).otherwise(otherwise);
    }, pl.col(name)).alias(name)
  );
}

/** The rows that the clauses insert, with the columns that they give; one frame per clause. */
export function applyInsertClauses(
  rows: Frame,
  clauses: readonly Ready<InsertClause>[],
  { schema, sourceColumns }: ClauseContext,
): readonly Frame[] {
  const numbered = rows.withColumns(actionOf([{ isMeant: pl.lit(true), clauses }]));
  return clauses.map(({ values }, index) => {
    const expressions = valueExpressions(values ?? fromSource(schema, sourceColumns), schema);
    assertValueTypes(numbered, expressions, schema);
    const taken = numbered.filter(pl.col(ACTION).eq(pl.lit(index)));
    // A select of nothing but literals would have one row.
    const columns = Array.from(expressions, ([name, value]) => value.alias(name));
    return taken.withColumns(...columns).select(...expressions.keys());
  });
}

function fromSource({ fields }: StructType, sourceColumns: readonly string[]): ColumnValues {
  const names = fields.map(({ name }) => name).filter((name) => sourceColumns.includes(name));
  return Object.fromEntries(names.map((name) => [name, sourceColumn(name)]));
}
