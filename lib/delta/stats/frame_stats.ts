/** Measures frames for their statistics, in polars. */
import { arrow } from "../../packages/arrow.ts";
import { pl } from "../../packages/polars.ts";
import { textReader } from "../parquet/arrow_values.ts";
import { type Bound, type ColumnStats, encodeBound, hasBounds, type StatsColumn } from "./stats.ts";
import { type DataType, decimalOf } from "../schema/schema.ts";
import type { Expression, Frame } from "../schema/polars_type.ts";

const QUERY_LIMIT = 32;
const queries = new Map<string, readonly Expression[]>();

/**
 * Measures the columns of a frame in one query over all of them.
 *
 * @param categorical names of the columns that are polars Categoricals
 */
export function measureFrame(
  frame: Frame,
  columns: readonly StatsColumn[],
  categorical: ReadonlySet<string>,
): readonly ColumnStats[] {
  if (columns.length === 0) return [];
  const row = arrow.tableFromIPC(frame.select(...queryOf(columns, categorical)).writeIPC());
  const valueOf = (name: string): unknown => {
    const column = row.getChild(name);
    const [data] = column?.data ?? [];
    if (data === undefined || !arrow.DataType.isUtf8View(data.type)) return column?.get(0);
    return data.getValid(0) ? textReader(data)(0) : null;
  };
  return columns.map((column, index) => readColumn(column, index, valueOf));
}

/**
 * The query for these columns. polars takes about 60 µs to build one expression, and a query has hundreds: as much as
 * running it on ten thousand rows. Tables are few, so the queries of the last ones are kept.
 */
function queryOf(columns: readonly StatsColumn[], categorical: ReadonlySet<string>): readonly Expression[] {
  const shape = JSON.stringify([columns, [...categorical]]);
  const known = queries.get(shape);
  if (known !== undefined) return known;
  const query = columns.flatMap((column, index) => expressionsOf(column, index, categorical));
  if (queries.size >= QUERY_LIMIT) queries.clear();
  queries.set(shape, query);
  return query;
}

function expressionsOf(
  column: StatsColumn,
  index: number,
  categorical: ReadonlySet<string>,
): readonly Expression[] {
  const values = fieldOf(column.path);
  const nullCount = values.nullCount().alias(`nulls${index}`);
  if (!hasBounds(column.type)) return [nullCount];
  const [top = ""] = column.path;
  const comparable = column.type === "string" ? asText(values, column.path, categorical.has(top)) : values;
  const bounds = [
    toExact(comparable.min(), column.type).alias(`min${index}`),
    toExact(comparable.max(), column.type).alias(`max${index}`),
  ];
  return isFloat(column.type)
    ? [nullCount, ...bounds, values.isNan().any().alias(`nan${index}`)]
    : [nullCount, ...bounds];
}

function fieldOf(path: readonly string[]): Expression {
  const [top = "", ...below] = path;
  return below.reduce((expression, name) => expression.struct.field(name), pl.col(top));
}

// Categories are in the order of their codes, so their texts are compared; there are few of them.
function asText(values: Expression, path: readonly string[], isCategorical: boolean): Expression {
  if (isCategorical) return values.unique().cast(pl.Utf8);
  return path.length > 1 ? values.cast(pl.Utf8) : values;
}

// Arrow's own dates, times and decimals lose digits on their way into JavaScript.
function toExact(bound: Expression, type: DataType): Expression {
  if (type === "date") return bound.cast(pl.Int32);
  if (type === "timestamp") return bound.cast(pl.Int64);
  return decimalOf(type) === undefined ? bound : bound.cast(pl.Utf8);
}

function isFloat(type: DataType): boolean {
  return type === "float" || type === "double";
}

function readColumn(column: StatsColumn, index: number, valueOf: (name: string) => unknown): ColumnStats {
  const nullCount = Number(valueOf(`nulls${index}`));
  const [min, max] = [valueOf(`min${index}`), valueOf(`max${index}`)];
  // polars ignores NaN; for Spark it is above every number.
  const hasNan = valueOf(`nan${index}`) === true;
  return {
    column,
    nullCount,
    min: isBound(min) ? encodeBound(min, column.type, "min") : undefined,
    max: isBound(max) && !hasNan ? encodeBound(max, column.type, "max") : undefined,
  };
}

function isBound(value: unknown): value is Bound {
  return typeof value === "string" || typeof value === "bigint" || typeof value === "number";
}
