/** Leaves rows out that a question cannot need, before SQLite gets them; what is not sure stays. */
import { formatTime, type Literal, type Operator, type Predicate } from "../delta/mod.ts";
import type { ReadInput, SqlInput } from "./column_inputs.ts";

/** Gives what reads a column; undefined where it is not read. */
export type ReadColumn = (name: string) => ReadInput | undefined;
type Test = (row: number) => boolean;

/** Whether a row may be one of those that the predicate takes. */
export function rowFilter(predicate: Predicate, readColumn: ReadColumn): Test {
  switch (predicate.kind) {
    case "and": {
      const tests = predicate.terms.map((term) => rowFilter(term, readColumn));
      return (row) => tests.every((test) => test(row));
    }
    case "or": {
      const tests = predicate.terms.map((term) => rowFilter(term, readColumn));
      return (row) => tests.some((test) => test(row));
    }
    case "compare":
      return comparison(predicate, readColumn);
    case "in":
      return among(predicate, readColumn);
    default:
      return () => true;
  }
}

type Compared = Predicate & { readonly kind: "compare" };

function comparison({ column, operator, value }: Compared, readColumn: ReadColumn): Test {
  const read = column.length === 1 ? readColumn(column[0]) : undefined;
  if (read === undefined) return () => true;
  const compare = COMPARE[operator], inputOf = sameKind(value);
  return (row) => {
    const found = read(row);
    if (found === null) return false;
    const expected = inputOf(found);
    return expected === undefined || compare(found, expected);
  };
}

function among({ column, values }: Predicate & { readonly kind: "in" }, readColumn: ReadColumn): Test {
  const tests = values.map((value) =>
    comparison({ kind: "compare", column, operator: "=", value }, readColumn)
  );
  return (row) => tests.some((test) => test(row));
}

const COMPARE: Readonly<Record<Operator, (a: SqlInput, b: SqlInput) => boolean>> = {
  // Whole numbers are numbers or bigints: only loosely equal.
  // deno-lint-ignore eqeqeq
  "=": (a, b) => a == b,
  // deno-lint-ignore eqeqeq
  "<>": (a, b) => a != b,
  "<": (a, b) => (a ?? 0) < (b ?? 0),
  "<=": (a, b) => (a ?? 0) <= (b ?? 0),
  ">": (a, b) => (a ?? 0) > (b ?? 0),
  ">=": (a, b) => (a ?? 0) >= (b ?? 0),
};

/** The literal as a value of the column is, whose times are texts; undefined where they cannot be compared. */
function sameKind(value: Literal): (found: SqlInput) => SqlInput | undefined {
  const time = typeof value === "bigint" ? timeText(value) : undefined;
  return (found) => {
    if (typeof found === "string") return typeof value === "string" ? value : time;
    return typeof value === "number" || typeof value === "bigint" ? value : undefined;
  };
}

function timeText(micros: bigint): string | undefined {
  const text = `${formatTime(micros)}Z`;
  // Texts of one length are in the order of time.
  return /^\d{4}-/.test(text) ? text : undefined;
}
