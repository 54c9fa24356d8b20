/** The clauses of a merge as users write them. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { pl } from "../../packages/polars.ts";
import type { ColumnValues } from "../predicate/column_value.ts";
import type { Condition } from "../predicate/condition.ts";
import type { Expression } from "../schema/polars_type.ts";

/**
 * A condition of a merge: SQL text or a predicate, in which `source.name` is a column of the source and `target.name`,
 * or the plain name, one of the table; both are exact. Or an expression of polars, which is taken as it is, with a
 * trap: nodejs-polars makes `pl.lit(-5n)` an unsigned 5, and nobody can see that afterwards, so a number in one is best
 * written as `exactLiteral(-5n, "long")`.
 */
export type MergeCondition = Condition | Expression;

/** What a clause does with rows of the table; the first whose `where` is true counts. */
export type RowClause =
  | { readonly action: "delete"; readonly where?: MergeCondition }
  | {
    readonly action: "update";
    readonly where?: MergeCondition;
    /** By default every column that the source has, from the source. */
    readonly set?: ColumnValues;
  };

/** Which rows of the source a clause inserts, and how; the first whose `where` is true counts. */
export interface InsertClause {
  /** By default every row. May use the source alone: the plain name is one of its columns too. */
  readonly where?: MergeCondition;
  /** By default every column that the source has; columns that are not named become null. */
  readonly values?: ColumnValues;
}

/**
 * A column of the source in the expressions of a merge; columns of the table have their plain names.
 *
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { type RowClause, sourceColumn } from "../mod.ts";
 *
 * // Rows of the table that the source has in a newer version are counted on.
 * const newer: RowClause = {
 *   action: "update",
 *   where: "source.version > target.version",
 *   set: { version: sourceColumn("version"), changes: pl.col("changes").plus(sourceColumn("changes")) },
 * };
 * ```
 */
export function sourceColumn(name: string): Expression {
  checkArguments("sourceColumn", { name }, { name: KIND.text });
  return pl.col(`${SOURCE}${name}`);
}

/** The prefix of the name of a source column. */
export const SOURCE = "source.";
