import { assertEquals } from "./equality.ts";

/** What was kept of an object for each object it was held against; ends cycles. */
type Visited = Map<object, Map<object, unknown>>;

/**
 * Throws unless `actual` holds everything that `expected` names, deeply; what `expected` does not name is not looked at.
 * Arrays are matched place by place, maps by key, sets by member; classes of objects are not compared.
 */
export function assertObjectMatch(
  actual: object,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  assertEquals(
    overlap(actual, expected, new Map()),
    overlap(expected, expected, new Map()),
    msg,
  );
}

/** The part of `actual` that `expected` has a word on, as plain objects. */
function overlap(
  actual: unknown,
  expected: unknown,
  visited: Visited,
): unknown {
  if (!isBranch(actual) || !isBranch(expected)) return actual;
  const known = visited.get(actual);
  if (known?.has(expected)) return known.get(expected);
  if (actual instanceof Set && expected instanceof Set) {
    return new Set([...actual].filter((member) => expected.has(member)));
  }
  if (actual instanceof Map && expected instanceof Map) {
    return overlapMap(actual, expected, visited);
  }
  if (Array.isArray(actual) !== Array.isArray(expected)) return actual;
  return overlapKeys(actual, expected, visited);
}

// Values with nothing inside to choose from are compared whole.
function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null &&
    !(value instanceof RegExp || value instanceof Date ||
      value instanceof URL || ArrayBuffer.isView(value));
}

function overlapMap(
  actual: Map<unknown, unknown>,
  expected: Map<unknown, unknown>,
  visited: Visited,
) {
  const kept = new Map<unknown, unknown>();
  remember(visited, { actual, expected, kept });
  for (const [key, value] of actual) {
    if (expected.has(key)) {
      kept.set(key, overlap(value, expected.get(key), visited));
    }
  }
  return kept;
}

function overlapKeys(
  actual: object,
  expected: object,
  visited: Visited,
): Record<PropertyKey, unknown> {
  const kept: Record<PropertyKey, unknown> = {};
  remember(visited, { actual, expected, kept });
  for (const key of Reflect.ownKeys(expected)) {
    if (!(key in actual) || (Array.isArray(expected) && key === "length")) {
      continue;
    }
    kept[key] = overlap(
      Reflect.get(actual, key),
      Reflect.get(expected, key),
      visited,
    );
  }
  return kept;
}

interface Match {
  readonly actual: object;
  readonly expected: object;
  readonly kept: unknown;
}

function remember(visited: Visited, { actual, expected, kept }: Match): void {
  const known = visited.get(actual) ?? new Map<object, unknown>();
  visited.set(actual, known.set(expected, kept));
}
