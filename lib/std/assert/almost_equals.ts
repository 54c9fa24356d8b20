import { AssertionError, reason } from "./assertion_error.ts";

// Relative on purpose: 1e-7 of the expected value, so that large and small numbers are treated alike.
const RELATIVE_TOLERANCE = 1e-7;

/**
 * Throws unless two numbers differ by at most `tolerance`.
 *
 * Without `tolerance` the limit is 1e-7 of the expected value (1e-7 itself when that is not finite).
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const limit = tolerance ?? defaultTolerance(expected);
  const difference = Math.abs(expected - actual);
  if (difference <= limit) return;
  throw new AssertionError(
    `Expected actual: "${number(actual)}" to be close to "${number(expected)}": ` +
      `delta "${number(difference)}" is greater than "${number(limit)}"${reason(msg)}`,
  );
}

function defaultTolerance(expected: number): number {
  if (!Number.isFinite(expected)) return RELATIVE_TOLERANCE;
  return Math.abs(expected) * RELATIVE_TOLERANCE;
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toExponential();
}
