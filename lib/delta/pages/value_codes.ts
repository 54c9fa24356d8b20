/** A dictionary of whole numbers: each distinct one once, and per value its place there. */

/** More distinct values than this are written as they are. */
const MAX_CODES = 1 << 14;
const TABLE_SIZE = MAX_CODES * 4;
/** One table for all columns, which are coded one after another. */
const slots = new Int32Array(TABLE_SIZE);

/** The distinct values in the order of their appearance, and per value its place. */
export interface ValueCodes {
  readonly codes: Int32Array;
  /** As many ints per value as the values have. */
  readonly distinct: Int32Array;
}

/**
 * Codes of values of one or two 32-bit halves each; null when there are too many distinct ones for codes to be shorter.
 */
export function codeValues(ints: Int32Array, width: 1 | 2): ValueCodes | null {
  return width === 1 ? code32(ints) : code64(ints);
}

/** As {@linkcode code64}. */
function code32(ints: Int32Array): ValueCodes | null {
  const count = ints.length;
  const codes = new Int32Array(count);
  const size = tableSize(count), mask = size - 1, table = emptyTable(size);
  let distinct = new Int32Array(128), used = 0;
  let last = 0, code = -1;
  for (let i = 0; i < count; i++) {
    const value = ints[i] ?? 0;
    if (code < 0 || value !== last) {
      let slot = hashOf(value, 0) & mask;
      code = table[slot] ?? -1;
      while (code >= 0 && distinct[code] !== value) {
        slot = (slot + 1) & mask;
        code = table[slot] ?? -1;
      }
      if (code < 0) {
        if (used === MAX_CODES) return null;
        if (used === distinct.length) distinct = doubled(distinct);
        table[slot] = code = used++;
        distinct[code] = value;
      }
      last = value;
    }
    codes[i] = code;
  }
  return isShorter(count, used) ? { codes, distinct: distinct.subarray(0, used) } : null;
}

/** Open addressing: a Map would need a bigint or a text per value. */
function code64(ints: Int32Array): ValueCodes | null {
  const count = ints.length >> 1;
  const codes = new Int32Array(count);
  const size = tableSize(count), mask = size - 1, table = emptyTable(size);
  let distinct = new Int32Array(256), used = 0;
  let lastLow = 0, lastHigh = 0, code = -1;
  for (let i = 0; i < count; i++) {
    const low = ints[2 * i] ?? 0, high = ints[2 * i + 1] ?? 0;
    if (code < 0 || low !== lastLow || high !== lastHigh) {
      let slot = hashOf(low, high) & mask;
      code = table[slot] ?? -1;
      while (code >= 0 && (distinct[2 * code] !== low || distinct[2 * code + 1] !== high)) {
        slot = (slot + 1) & mask;
        code = table[slot] ?? -1;
      }
      if (code < 0) {
        if (used === MAX_CODES) return null;
        if (2 * used === distinct.length) distinct = doubled(distinct);
        table[slot] = code = used++;
        distinct[2 * code] = low;
        distinct[2 * code + 1] = high;
      }
      lastLow = low;
      lastHigh = high;
    }
    codes[i] = code;
  }
  return isShorter(count, used) ? { codes, distinct: distinct.subarray(0, 2 * used) } : null;
}

/** At most half full. */
function tableSize(count: number): number {
  let size = 64;
  while (size < 2 * count && size < TABLE_SIZE) size *= 2;
  return size;
}

function emptyTable(size: number): Int32Array {
  return slots.fill(-1, 0, size);
}

function hashOf(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

function doubled(ints: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(ints.length * 2);
  wider.set(ints);
  return wider;
}

function isShorter(count: number, distinct: number): boolean {
  return distinct * 2 <= count || count < 8;
}
