/** Assertions on what a function throws, and on classes. */
import { AssertionError, reason } from "./assertion_error.ts";

/** Any class; `never[]` admits every constructor without saying anything of its parameters. */
type ErrorClass<E> = abstract new (...args: never[]) => E;

/** What is expected of a thrown error, read from the two ways to call the assertions. */
interface Expectation<E> {
  readonly errorClass: ErrorClass<E> | undefined;
  readonly includes: string | undefined;
  readonly msg: string | undefined;
}

/** Throws unless `actual` is an instance of the class. */
export function assertInstanceOf<
  T extends abstract new (...args: never[]) => unknown,
>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const found = describe(actual);
  throw new AssertionError(
    `Expected object to be an instance of "${expectedType.name || "unknown"}" but was ${found}${reason(msg)}`,
  );
}

/** Throws unless `fn` throws; returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Throws unless `fn` throws an error of the class with the text in its message; returns that error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  classOrMsg?: ErrorClass<E> | string,
  includesOrMsg?: string,
  msg?: string,
): unknown {
  const expectation = expectationOf(classOrMsg, includesOrMsg, msg);
  try {
    fn();
  } catch (thrown) {
    return checkThrown(thrown, expectation, "thrown");
  }
  throw new AssertionError(
    `Expected function to throw${reason(expectation.msg)}`,
  );
}

/** Rejects unless the promise of `fn` rejects; resolves to what it rejected with. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/** Rejects unless the promise of `fn` rejects with an error of the class with the text in its message. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClass<E> | string,
  includesOrMsg?: string,
  msg?: string,
): Promise<unknown> {
  const expectation = expectationOf(classOrMsg, includesOrMsg, msg);
  let returned: unknown;
  try {
    returned = fn();
    await returned;
  } catch (thrown) {
    // A throw before any promise existed is another fault than a rejection: callers' .catch() would miss it.
    if (!isPromiseLike(returned)) {
      throw new AssertionError(
        `Function throws when expected to reject${reason(msg)}`,
      );
    }
    return checkThrown(thrown, expectation, "rejected");
  }
  throw new AssertionError(
    `Expected function to reject${reason(expectation.msg)}`,
  );
}

function expectationOf<E>(
  classOrMsg: ErrorClass<E> | string | undefined,
  includesOrMsg: string | undefined,
  msg: string | undefined,
): Expectation<E> {
  return typeof classOrMsg === "function"
    ? { errorClass: classOrMsg, includes: includesOrMsg, msg }
    : { errorClass: undefined, includes: undefined, msg: classOrMsg };
}

function checkThrown<E>(
  thrown: unknown,
  expectation: Expectation<E>,
  verb: string,
): unknown {
  const { errorClass, includes, msg } = expectation;
  if (errorClass === undefined) return thrown;
  if (!(thrown instanceof Error)) {
    throw new AssertionError(`A non-Error object was ${verb}${reason(msg)}`, {
      cause: thrown,
    });
  }
  if (!(thrown instanceof errorClass)) {
    const found = `${describe(thrown)} (${thrown.message})`;
    throw new AssertionError(
      `Expected error to be instance of "${errorClass.name}", but was ${found}${reason(msg)}`,
      { cause: thrown },
    );
  }
  if (includes !== undefined && !thrown.message.includes(includes)) {
    throw new AssertionError(
      `Expected error message to include "${includes}", but got "${thrown.message}"${reason(msg)}`,
      { cause: thrown },
    );
  }
  return thrown;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return `"${value}"`;
  if (typeof value !== "object" && typeof value !== "function") {
    return `"${typeof value}"`;
  }
  return `"${value.constructor?.name || "Object"}"`;
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value;
}
