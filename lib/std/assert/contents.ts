import { AssertionError, reason } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { show } from "./show.ts";

/** Anything with a length and numbered places, but no text. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/** Throws unless `expected` stands somewhere in `actual`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to contain: "${expected}"${reason(msg)}`,
  );
}

/** Throws unless the pattern `expected` is found in `actual`. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to match: "${expected}"${reason(msg)}`,
  );
}

/** Throws unless each value of `expected` has an equal in `actual`, in whatever order. */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void {
  const present = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) => !present.some((value) => equal(wanted, value)));
  if (missing.length === 0) return;
  throw new AssertionError(
    `Expected actual: "${show(actual)}" to include: "${show(expected)}"${reason(msg)}\nmissing: ${
      show(missing)
    }`,
  );
}
