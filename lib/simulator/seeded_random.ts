/**
 * Random numbers that a seed decides, so that a simulation can be repeated.
 *
 * @module
 */

/** A source of numbers from 0 to below 1; the same keys always give the same numbers. */
export type Random = () => number;

/** Mixes whole numbers into one of 32 bits (the finalizer of murmur3 over each). */
export function mix(...keys: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const key of keys) {
    hash = Math.imul(hash ^ (key | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** Numbers for one purpose, named by its keys (mulberry32). */
export function seededRandom(...keys: readonly number[]): Random {
  let state = mix(...keys);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

/** One of the values, each as likely as the others. */
export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError("Cannot pick: found no values, expected at least one");
  return value;
}
