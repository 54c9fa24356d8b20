/**
 * The 32-bit murmur2 hash with Kafka's seed, as Kafka's clients use it to place keys.
 *
 * @module
 */

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const ROTATION = 24;

/** Hashes bytes to a signed 32-bit number, bit for bit like `org.apache.kafka.common.utils.Utils.murmur2`. */
export function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wholeWords = bytes.length - (bytes.length % 4);
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < wholeWords; at += 4) {
    hash = Math.imul(hash, MULTIPLIER) ^ mixWord(view.getInt32(at, true));
  }
  for (let at = bytes.length - 1; at >= wholeWords; at--) {
    hash ^= view.getUint8(at) << (8 * (at - wholeWords));
  }
  if (wholeWords < bytes.length) hash = Math.imul(hash, MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function mixWord(word: number): number {
  const mixed = Math.imul(word, MULTIPLIER);
  return Math.imul(mixed ^ (mixed >>> ROTATION), MULTIPLIER);
}
