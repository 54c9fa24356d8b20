/** Assertions on whether two values are the same. */
import { AssertionError, reason, show } from "./assertion_error.ts";
import { diffLines } from "./diff.ts";
import { equal } from "./equal.ts";

/** Throws unless the two are deeply equal; the message shows both, line by line. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${reason(msg)}\n${difference(actual, expected)}`,
  );
}

/** Throws when the two are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${show(actual)} not to be: ${show(expected)}${reason(msg)}`,
  );
}

/** Throws unless the two are the same value (`Object.is`). */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const what = show(actual) === show(expected)
    ? "Values have the same structure but are not reference-equal"
    : "Values are not strictly equal";
  throw new AssertionError(
    `${what}${reason(msg)}\n${difference(actual, expected)}`,
  );
}

function difference(actual: unknown, expected: unknown): string {
  const both = typeof actual === "string" && typeof expected === "string";
  const lines = (value: unknown) =>
    (both && String(value).includes("\n") ? String(value) : show(value)).split(
      "\n",
    );
  return `\n    [Diff] Actual / Expected\n\n\n${diffLines(lines(actual), lines(expected)).join("\n")}\n`;
}
