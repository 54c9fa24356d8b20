/** Assertions on what a text contains. */
import { AssertionError, reason } from "./assertion_error.ts";

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
