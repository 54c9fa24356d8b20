/** The order of texts in statistics and predicates. */

/**
 * Compares as Delta readers do, by the bytes of UTF-8: below zero when the left text comes first.
 *
 * JavaScript's own order is by UTF-16 units, which puts astral characters before U+E000.
 */
export function compareCodePoints(left: string, right: string): number {
  let index = 0;
  while (index < left.length && left.charCodeAt(index) === right.charCodeAt(index)) index++;
  return weight(left, index) - weight(right, index);
}

function weight(text: string, index: number): number {
  if (index >= text.length) return -1;
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
