/** A table as plain rows in memory, slow and plainly right: what changes of a real table are compared with. */
import type { ColumnPath, Literal, Operator, Predicate } from "../../lib/delta/predicate/predicate.ts";

/** One row; null for null. */
export interface NaiveRow {
  readonly id: bigint | null;
  readonly part: string | null;
  readonly size: number | null;
  readonly note: string | null;
}

/** SQL's three truth values. */
type Truth = boolean | null;

const COLUMNS = ["id", "part", "size", "note"] as const;

/** Whether a predicate is true for a row; null where SQL says null. */
export function truthOf(predicate: Predicate, row: NaiveRow): Truth {
  switch (predicate.kind) {
    case "and":
      return combine(predicate.terms.map((term) => truthOf(term, row)), false);
    case "or":
      return combine(predicate.terms.map((term) => truthOf(term, row)), true);
    case "not": {
      const truth = truthOf(predicate.term, row);
      return truth === null ? null : !truth;
    }
    case "isNull":
      return valueOf(row, predicate.column) === null;
    case "isNotNull":
      return valueOf(row, predicate.column) !== null;
    case "in":
      return combine(
        predicate.values.map((value) => compare(valueOf(row, predicate.column), "=", value)),
        true,
      );
    case "compareColumns":
      return compare(
        valueOf(row, predicate.column),
        predicate.operator,
        valueOf(row, predicate.other),
      );
    case "compare":
      return compare(valueOf(row, predicate.column), predicate.operator, predicate.value);
  }
}

/** The same rows in the same order, as text: two tables with equal texts hold equal rows. */
export function sortedTexts(rows: readonly NaiveRow[]): readonly string[] {
  const texts = rows.map((row) =>
    COLUMNS.map((name) => row[name] === null ? "null" : JSON.stringify(String(row[name]))).join()
  );
  return texts.toSorted();
}

/** A random predicate over the columns of a row. */
export function randomPredicate(random: () => number, depth = 2): Predicate {
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0];
  type Kind = Exclude<Predicate["kind"], "compareColumns">;
  const leaves: readonly Kind[] = ["compare", "in", "isNull", "isNotNull"];
  const kinds: readonly Kind[] = depth === 0 ? leaves : [...leaves, "and", "or", "not"];
  const kind = kinds[Math.floor(random() * kinds.length)] ?? "compare";
  if (kind === "and" || kind === "or") {
    const terms = Array.from({ length: 2 }, () => randomPredicate(random, depth - 1));
    return { kind, terms };
  }
  if (kind === "not") return { kind, term: randomPredicate(random, depth - 1) };
  const name = pick(["id", "part", "size"]);
  const column: ColumnPath = [name];
  const literal = (): Literal => {
    if (name === "id") return BigInt(Math.floor(random() * 40));
    return name === "part" ? pick(["a", "b", "c", "d"]) : Math.floor(random() * 10);
  };
  if (kind === "in") {
    return { kind, column, values: [literal(), literal(), ...(random() < 0.2 ? [null] : [])] };
  }
  if (kind !== "compare") return { kind, column };
  const operator = pick<Operator>(["=", "<>", "<", "<=", ">", ">="]);
  return { kind, column, operator, value: literal() };
}

/** A random row; ids from 0 to `ids`, null now and then. */
export function randomRow(random: () => number, ids: number): NaiveRow {
  const orNull = <T>(value: T): T | null => random() < 0.1 ? null : value;
  return {
    id: orNull(BigInt(Math.floor(random() * ids))),
    part: orNull(["a", "b", "c", "d"][Math.floor(random() * 4)] ?? "a"),
    size: orNull(Math.floor(random() * 10)),
    note: orNull(`note ${Math.floor(random() * 1000)}`),
  };
}

function combine(truths: readonly Truth[], decisive: boolean): Truth {
  if (truths.includes(decisive)) return decisive;
  return truths.includes(null) ? null : !decisive;
}

function valueOf(row: NaiveRow, [name]: ColumnPath): bigint | string | number | null {
  return row[name as keyof NaiveRow];
}

function compare(left: bigint | string | number | null, operator: Operator, right: Literal): Truth {
  if (left === null || right === null || typeof right === "boolean" || right instanceof Uint8Array) {
    return null;
  }
  const order = left < right ? -1 : left > right ? 1 : 0;
  switch (operator) {
    case "=":
      return order === 0;
    case "<>":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}
