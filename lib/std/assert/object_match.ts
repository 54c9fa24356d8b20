import { assertEquals } from "./equality.ts";

type Visited = Map<unknown, unknown>;

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
  if (visited.has(actual)) return visited.get(actual);
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
  visited.set(actual, kept);
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
  visited.set(actual, kept);
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
