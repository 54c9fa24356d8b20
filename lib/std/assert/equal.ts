/**
 * Deep equality, which the assertions on equality ask.
 *
 * @module
 */

type Visited = Map<object, object>;

/**
 * Whether two values are deeply equal.
 *
 * Objects need the same prototype and the same keys (an absent key is not an undefined one); NaN equals NaN and
 * 0 equals -0; the order of sets, of maps and of keys does not matter; cycles are followed once. Instances of
 * classes are compared by all that can be read from them, inherited getters too: two errors differ in their stack.
 *
 * @throws {TypeError} for WeakMap and WeakSet, which nobody can look into.
 */
export function equal(a: unknown, b: unknown): boolean {
  return sameValue(a, b, new Map());
}

function sameValue(a: unknown, b: unknown, visited: Visited): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || !samePrototype(a, b)) return false;
  return sameText(a, b) ?? sameReferent(a, b, visited) ?? sameList(a, b) ??
    sameContents(a, b, visited);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

// An object without prototype stands for a plain one.
function samePrototype(a: object, b: object): boolean {
  return prototypeOf(a) === prototypeOf(b);
}

function prototypeOf(value: object): object {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

/** Compares what its text or number describes fully; undefined when the two are something else. */
function sameText(a: object, b: object): boolean | undefined {
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  const isText = [RegExp, URL, URLSearchParams].some((Kind) => a instanceof Kind);
  return isText ? String(a) === String(b) : undefined;
}

/** Compares what only points elsewhere; undefined when the two are something else. */
function sameReferent(
  a: object,
  b: object,
  visited: Visited,
): boolean | undefined {
  for (const Kind of [WeakMap, WeakSet]) {
    if (a instanceof Kind) {
      throw new TypeError(`Cannot compare ${Kind.name} instances`);
    }
  }
  return a instanceof WeakRef && b instanceof WeakRef ? sameValue(a.deref(), b.deref(), visited) : undefined;
}

// Typed arrays may be long: an index loop instead of a list of keys.
function sameList(a: object, b: object): boolean | undefined {
  const [left, right] = [listOf(a), listOf(b)];
  if (left === undefined || right === undefined) return undefined;
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) {
    if (left[at] !== right[at] && !Object.is(left[at], right[at])) return false;
  }
  return true;
}

function listOf(value: object): ArrayLike<number | bigint> | undefined {
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return new Uint8Array(value);
  }
  return isTypedArray(value) ? value : undefined;
}

function isTypedArray(
  value: object,
): value is object & ArrayLike<number | bigint> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function sameContents(a: object, b: object, visited: Visited): boolean {
  if (visited.get(a) === b) return true;
  visited.set(a, b);
  if (a instanceof Map && b instanceof Map) return sameEntries(a, b, visited);
  if (a instanceof Set && b instanceof Set) return sameEntries(a, b, visited);
  return sameKeys(a, b, visited);
}

function sameKeys(a: object, b: object, visited: Visited): boolean {
  const [keys, otherKeys] = [readableKeys(a), readableKeys(b)];
  if (keys.size !== otherKeys.size) return false;
  return keys.values().every((key) =>
    otherKeys.has(key) &&
    sameValue(Reflect.get(a, key), Reflect.get(b, key), visited)
  );
}

/** Enumerable own keys of plain objects and arrays; of others all keys, those of their classes too. */
function readableKeys(value: object): Set<PropertyKey> {
  const prototype = prototypeOf(value);
  if (prototype === Object.prototype || prototype === Array.prototype) {
    return new Set(
      Reflect.ownKeys(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)),
    );
  }
  const keys = new Set<PropertyKey>();
  for (
    let at = value;
    at !== Object.prototype && at !== Array.prototype;
    at = prototypeOf(at)
  ) {
    for (const key of Reflect.ownKeys(at)) keys.add(key);
  }
  return keys;
}

type Keyed = Map<unknown, unknown> | Set<unknown>;

/** Pairs each entry of one collection with an equal entry of the other that no earlier entry has taken. */
function sameEntries(a: Keyed, b: Keyed, visited: Visited): boolean {
  if (a.size !== b.size) return false;
  const left = new Map<unknown, unknown>(b.entries());
  return [...a.entries()].every(([key, value]) => {
    const partner = left.has(key) && sameValue(value, left.get(key), visited)
      ? { key }
      : findPartner(key, value, left, visited);
    return partner !== undefined && left.delete(partner.key);
  });
}

function findPartner(
  key: unknown,
  value: unknown,
  left: Map<unknown, unknown>,
  visited: Visited,
) {
  if (!isObject(key)) return undefined;
  for (const [otherKey, otherValue] of left) {
    if (
      sameValue(key, otherKey, visited) && sameValue(value, otherValue, visited)
    ) return { key: otherKey };
  }
  return undefined;
}
