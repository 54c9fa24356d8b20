/** Checks what callers hand to the public functions, so that a wrong argument is named where it was given. */
import { pl } from "../packages/polars.ts";

/** What is wrong with an argument; `place` is its name, or where in it. */
export interface ArgumentFault {
  readonly place: string;
  readonly found: unknown;
  readonly expected: string;
}

/** What a kind of argument has to be: gives the first fault of a value, undefined when it is right. */
export type ArgumentKind = (value: unknown, place: string) => ArgumentFault | undefined;

/**
 * Throws unless each argument is of its kind. Only shapes are checked; whether a name or a value fits the table is
 * found by what uses it.
 *
 * @throws {TypeError} naming the function, the argument, what was found and what is expected
 */
export function checkArguments<Names extends string>(
  functionName: string,
  values: Readonly<Record<Names, unknown>>,
  kinds: Readonly<Record<Names, ArgumentKind>>,
): void {
  for (const name of Object.keys(kinds) as Names[]) {
    const fault = kinds[name](values[name], name);
    if (fault === undefined) continue;
    const { place, found, expected } = fault;
    throw new TypeError(
      `Cannot call ${functionName} with the argument "${place}": found ${
        describe(found)
      }, expected ${expected}`,
    );
  }
}

/** Whether a value is a polars frame. */
export function isFrame(value: unknown): boolean {
  return typeof value === "object" && value !== null && pl.DataFrame.isDataFrame(value);
}

const SHOWN_LENGTH = 60;

function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty text" : `the text ${JSON.stringify(value.slice(0, SHOWN_LENGTH))}`;
    case "number":
    case "boolean":
      return String(value);
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return typeof value === "undefined" ? "undefined" : `a ${typeof value}`;
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  if (value instanceof Promise) return "a promise that was not awaited";
  if (isFrame(value)) return "a polars frame";
  if (pl.Expr.isExpr(value)) return "a polars expression";
  const name = value.constructor?.name ?? "Object";
  if (name !== "Object") return `an object of class ${name}`;
  const keys = Object.keys(value).slice(0, 5).join(", ");
  return keys === "" ? "an object without properties" : `an object of ${keys}`;
}
