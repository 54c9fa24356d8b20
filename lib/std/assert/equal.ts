type Visited = Map<object, object>;

/**
 * Whether two values are deeply equal.
 *
 * Objects need the same prototype's constructor and the same enumerable own keys (an absent key is not an undefined
 * one); NaN equals NaN, 0 equals -0; the order of sets, of maps and of keys does not matter; cycles are followed once.
 *
 * @throws {TypeError} for WeakMap and WeakSet, which nobody can look into.
 */
export function equal(a: unknown, b: unknown): boolean {
  return sameValue(a, b, new Map());
}

function sameValue(a: unknown, b: unknown, visited: Visited): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return a === b || (Number.isNaN(a) && Number.isNaN(b));
  }
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (!sameConstructor(a, b)) return false;
  return sameText(a, b) ?? sameHidden(a, b, visited) ??
    sameContents(a, b, visited);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

// An object without prototype stands for a plain one.
function sameConstructor(a: object, b: object): boolean {
  return (a.constructor ?? Object) === (b.constructor ?? Object);
}

/** Compares what is fully told by its text or number; undefined when the two are something else. */
function sameText(a: object, b: object): boolean | undefined {
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  if (a instanceof RegExp && b instanceof RegExp) {
    return String(a) === String(b);
  }
  if (a instanceof URL && b instanceof URL) return a.href === b.href;
  return undefined;
}

/** Compares what keeps its contents out of sight; undefined when the two are something else. */
function sameHidden(
  a: object,
  b: object,
  visited: Visited,
): boolean | undefined {
  for (const Kind of [WeakMap, WeakSet]) {
    if (a instanceof Kind && b instanceof Kind) {
      throw new TypeError(`cannot compare ${Kind.name} instances`);
    }
  }
  if (a instanceof WeakRef && b instanceof WeakRef) {
    return sameValue(a.deref(), b.deref(), visited);
  }
  if (isBoxed(a) && isBoxed(b) && !Object.is(a.valueOf(), b.valueOf())) {
    return false;
  }
  return undefined;
}

function isBoxed(value: object): boolean {
  return value instanceof Number || value instanceof String ||
    value instanceof Boolean ||
    value instanceof BigInt || value instanceof Symbol;
}

function sameContents(a: object, b: object, visited: Visited): boolean {
  if (visited.get(a) === b) return true;
  visited.set(a, b);
  if (a instanceof Map && b instanceof Map) return sameEntries(a, b, visited);
  if (a instanceof Set && b instanceof Set) return sameEntries(a, b, visited);
  if (isList(a) && isList(b)) return sameList(a, b);
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    return sameList(new Uint8Array(a), new Uint8Array(b));
  }
  if (a instanceof Error && b instanceof Error && !sameError(a, b, visited)) {
    return false;
  }
  return sameKeys(a, b, visited);
}

type List = ArrayLike<number | bigint>;

function isList(value: object): value is List {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

// Typed arrays may be long: an index loop instead of a list of keys.
function sameList(a: List, b: List): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) {
    if (a[at] !== b[at] && !(Number.isNaN(a[at]) && Number.isNaN(b[at]))) {
      return false;
    }
  }
  return true;
}

// message and cause are own, but not enumerable, so that the comparison of keys would miss them.
function sameError(a: Error, b: Error, visited: Visited): boolean {
  return a.name === b.name && a.message === b.message &&
    sameValue(a.cause, b.cause, visited);
}

function sameKeys(a: object, b: object, visited: Visited): boolean {
  const keys = enumerableKeys(a);
  if (keys.length !== enumerableKeys(b).length) return false;
  const same = (key: PropertyKey) =>
    sameValue(Reflect.get(a, key), Reflect.get(b, key), visited);
  return keys.every((key) => isEnumerable(b, key) && same(key)) &&
    inheritedGetters(a).every(same);
}

function enumerableKeys(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) => isEnumerable(value, key));
}

function isEnumerable(value: object, key: PropertyKey): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, key);
}

// Objects with private fields differ only in what the getters of their class give out.
function inheritedGetters(value: object): PropertyKey[] {
  const found: PropertyKey[] = [];
  let prototype: object | null = Object.getPrototypeOf(value);
  while (
    prototype !== null && prototype !== Object.prototype &&
    prototype !== Array.prototype
  ) {
    for (
      const [key, descriptor] of Object.entries(
        Object.getOwnPropertyDescriptors(prototype),
      )
    ) {
      if (descriptor.get !== undefined) found.push(key);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return found;
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
