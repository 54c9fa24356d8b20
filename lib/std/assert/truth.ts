/** Assertions on one value. */
import { AssertionError, reason, show } from "./assertion_error.ts";

/** All values that count as false. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/** Throws unless `expr` counts as true. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Throws unless `expr` counts as false. */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}

/** Throws when `actual` is null or undefined. */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(
    `Expected actual: "${show(actual)}" to not be null or undefined${reason(msg)}`,
  );
}
