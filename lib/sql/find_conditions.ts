/**
 * Which rows of each table a question can need, by its WHERE: only files that may hold them are opened. SQLite puts the
 * whole question to the rows that are read anyway, so what is not understood here costs time and nothing else.
 */
import type { Literal, Operator, Predicate, StructField } from "../delta/mod.ts";
import { type Expr, type From, type SelectFromStatement, sqlParser } from "../packages/pgsql_ast_parser.ts";

/** Tables by the name that they have in the question, in lower case. */
export type KnownTables = ReadonlyMap<string, readonly StructField[]>;

/** Conditions by table; a table without one is needed whole. */
export function findConditions(sql: string, tables: KnownTables): ReadonlyMap<string, Predicate> {
  const found = new Map<string, (Predicate | null)[]>();
  for (const block of blocksOf(parsed(sql))) {
    for (const { table, predicate } of needsOf(block, tables)) {
      found.set(table, [...found.get(table) ?? [], predicate]);
    }
  }
  return new Map([...found].flatMap(([table, predicates]) => {
    const terms = predicates.filter((predicate) => predicate !== null);
    if (terms.length < predicates.length) return [];
    return [[table, terms.length === 1 && terms[0] ? terms[0] : { kind: "or", terms }] as const];
  }));
}

// The dialect is not SQLite's own: what this parser does not know is no fault of the question.
function parsed(sql: string): unknown {
  try {
    return sqlParser.parse(sql);
  } catch {
    return undefined;
  }
}

/** All SELECTs, at any depth. */
function blocksOf(node: unknown): readonly SelectFromStatement[] {
  if (typeof node !== "object" || node === null) return [];
  const inner = Object.values(node).flatMap(blocksOf);
  const isBlock = "type" in node && node.type === "select";
  return isBlock ? [node as SelectFromStatement, ...inner] : inner;
}

interface Reference {
  readonly table: string;
  readonly fields: readonly StructField[];
  /** What columns of it are qualified by. */
  readonly alias: string;
  readonly from: From;
}

interface Need {
  readonly table: string;
  /** Null: all rows. */
  readonly predicate: Predicate | null;
}

function needsOf({ from: sources, where }: SelectFromStatement, tables: KnownTables): readonly Need[] {
  const from = sources ?? [];
  const references = from.flatMap((each) => referenceTo(each, tables));
  // The rows of an outer join's other side are needed to know which have no partner.
  const isOuter = from.some(({ join }) => join?.type === "RIGHT JOIN" || join?.type === "FULL JOIN");
  const hasOuter = from.some(({ join }) => /LEFT|RIGHT|FULL/.test(join?.type ?? ""));
  const on = hasOuter ? [] : from.flatMap(({ join }) => join?.on ? conjuncts(join.on) : []);
  const conditions = isOuter || from.some(({ lateral }) => lateral)
    ? []
    : [...where ? conjuncts(where) : [], ...on];
  return references.map((reference) => {
    const terms = conditions.flatMap((condition) => predicateOn(condition, reference, references));
    return { table: reference.table, predicate: terms.length === 0 ? null : { kind: "and", terms } };
  });
}

function referenceTo(from: From, tables: KnownTables): readonly Reference[] {
  if (from.type !== "table") return [];
  const table = from.name.name.toLowerCase();
  const fields = from.name.schema === undefined ? tables.get(table) : undefined;
  if (fields === undefined) return [];
  return [{ table, fields, alias: (from.name.alias ?? from.name.name).toLowerCase(), from }];
}

function conjuncts(expression: Expr): readonly Expr[] {
  const isAnd = expression.type === "binary" && expression.op === "AND";
  return isAnd ? [...conjuncts(expression.left), ...conjuncts(expression.right)] : [expression];
}

/** A column compared with values, as the parser gives it. */
interface Comparison {
  readonly column: Expr;
  readonly terms: readonly (readonly [Operator | "in", readonly Expr[]])[];
}

const FLIPPED: Readonly<Record<string, Operator>> = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

// Only what is never true of null: a row of null that a LEFT JOIN makes must stay what it is.
function comparisonIn(expression: Expr): Comparison | undefined {
  if (expression.type === "ternary" && expression.op === "BETWEEN") {
    return { column: expression.value, terms: [[">=", [expression.lo]], ["<=", [expression.hi]]] };
  }
  if (expression.type !== "binary") return undefined;
  const { left, right, op } = expression;
  if (op === "IN" && right.type === "list") return { column: left, terms: [["in", right.expressions]] };
  const flipped = FLIPPED[op];
  if (flipped === undefined) return undefined;
  if (left.type === "ref") return { column: left, terms: [[op as Operator, [right]]] };
  return { column: right, terms: [[flipped, [left]]] };
}

function predicateOn(
  condition: Expr,
  reference: Reference,
  all: readonly Reference[],
): readonly Predicate[] {
  const comparison = comparisonIn(condition);
  const field = comparison && fieldOf(comparison.column, reference, all);
  if (comparison === undefined || field === undefined) return [];
  return comparison.terms.flatMap(([operator, expressions]): readonly Predicate[] => {
    const values = expressions.map((expression) => literalOf(expression, field, operator));
    if (values.some((value) => value === undefined)) return [];
    const literals = values.filter((value) => value !== undefined);
    if (operator === "in") return [{ kind: "in", column: [field.name], values: literals }];
    const [value] = literals;
    return value === undefined ? [] : [{ kind: "compare", column: [field.name], operator, value }];
  });
}

/** The column of this table that an expression means; undefined when it may mean another. */
function fieldOf(
  expression: Expr,
  reference: Reference,
  all: readonly Reference[],
): StructField | undefined {
  if (expression.type !== "ref") return undefined;
  const name = expression.name.toLowerCase();
  const find = ({ fields }: Reference) => fields.find((field) => field.name.toLowerCase() === name);
  if (expression.table !== undefined) {
    return expression.table.name.toLowerCase() === reference.alias ? find(reference) : undefined;
  }
  const owners = all.filter((each) => find(each) !== undefined);
  // Of a column that tables are joined by each has the same value.
  const isShared = owners.slice(1).every(({ from: { join } }) =>
    join?.using?.some((column) => column.name.toLowerCase() === name) === true
  );
  return isShared ? find(reference) : undefined;
}

/** Whole numbers that a column can hold, up to this one. */
const LIMITS: Readonly<Record<string, number>> = {
  byte: 2 ** 7,
  short: 2 ** 15,
  integer: 2 ** 31,
  long: Number.MAX_SAFE_INTEGER,
};

/** The value as the column has it; undefined where SQLite might compare otherwise than the log does. */
function literalOf(
  expression: Expr,
  { type }: StructField,
  operator: Operator | "in",
): Literal | undefined {
  if (expression.type === "integer") {
    const limit = typeof type === "string" ? LIMITS[type] ?? 0 : 0;
    if (!(Math.abs(expression.value) < limit)) return undefined;
    return type === "long" ? BigInt(expression.value) : expression.value;
  }
  if (expression.type !== "string") return undefined;
  const { value } = expression;
  if (type === "date") return isDay(value) ? value : undefined;
  if (type === "timestamp" && /^\d{4}-[\d-]{5}T[\d:]{8}\.\d{6}Z$/.test(value)) return microsOf(value);
  return type === "string" && (operator === "=" || operator === "in") ? value : undefined;
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}

function microsOf(text: string): bigint | undefined {
  const ms = Date.parse(`${text.slice(0, 19)}Z`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1000n + BigInt(text.slice(20, 26));
}
