import { AssertionError, reason } from "./assertion_error.ts";

/** Throws always: the test has come to a place that shows a failure. */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${reason(msg)}`);
}

/** Throws always: the code has come to a place it cannot come to. */
export function unreachable(msg?: string): never {
  throw new AssertionError(`Unreachable${reason(msg)}`);
}
