/**
 * SHA-1 of short keys, written as hex straight into a column buffer.
 *
 * `node:crypto` spends most of its time crossing into native code (0.8 M keys/s); keys of at most 55 bytes fit one
 * block, which plain integer arithmetic does several times faster. Longer keys go to `node:crypto`.
 * Source: FIPS 180-4, sections 5.1.1 and 6.1.2.
 */
import { hash } from "node:crypto";

/** Bytes of a digest written as hex. */
export const SHA1_HEX_LENGTH = 40;

const ONE_BLOCK_LIMIT = 55;
const words = new Int32Array(80);
const block = new DataView(new ArrayBuffer(64));
const bytes = new Uint8Array(block.buffer);
/** The two hex characters of each byte. */
const HEX = Uint16Array.from({ length: 256 }, (_, byte) => {
  const text = byte.toString(16).padStart(2, "0");
  return text.charCodeAt(0) << 8 | text.charCodeAt(1);
});

/** Writes the SHA-1 of the key's first `length` bytes as 40 hex characters to `target` at `position`. */
export function writeSha1Hex(key: Uint8Array, length: number, target: Uint8Array, position: number): void {
  if (length > ONE_BLOCK_LIMIT) {
    new TextEncoder().encodeInto(hash("sha1", key.subarray(0, length)), target.subarray(position));
    return;
  }
  bytes.fill(0, length);
  for (let i = 0; i < length; i++) bytes[i] = key[i] ?? 0;
  bytes[length] = 0x80;
  block.setInt32(60, length * 8);
  digestBlock(target, position);
}

// No small functions in here: V8 would run out of its budget for inlining, and call them.
function digestBlock(target: Uint8Array, position: number): void {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(i * 4);
  for (let i = 16; i < 80; i++) {
    const mixed = (words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0);
    words[i] = (mixed << 1) | (mixed >>> 31);
  }
  let a = 0x67452301, b = 0xefcdab89 | 0, c = 0x98badcfe | 0, d = 0x10325476, e = 0xc3d2e1f0 | 0;
  let i = 0;
  for (; i < 20; i++) {
    const next = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + 0x5a827999 + (words[i] ?? 0)) | 0;
    e = d, d = c, c = (b << 30) | (b >>> 2), b = a, a = next;
  }
  for (; i < 40; i++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0x6ed9eba1 + (words[i] ?? 0)) | 0;
    e = d, d = c, c = (b << 30) | (b >>> 2), b = a, a = next;
  }
  for (; i < 60; i++) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + 0x8f1bbcdc + (words[i] ?? 0)) | 0;
    e = d, d = c, c = (b << 30) | (b >>> 2), b = a, a = next;
  }
  for (; i < 80; i++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0xca62c1d6 + (words[i] ?? 0)) | 0;
    e = d, d = c, c = (b << 30) | (b >>> 2), b = a, a = next;
  }
  writeHexWord(target, position, (a + 0x67452301) | 0);
  writeHexWord(target, position + 8, (b + 0xefcdab89) | 0);
  writeHexWord(target, position + 16, (c + 0x98badcfe) | 0);
  writeHexWord(target, position + 24, (d + 0x10325476) | 0);
  writeHexWord(target, position + 32, (e + 0xc3d2e1f0) | 0);
}

function writeHexWord(target: Uint8Array, position: number, word: number): void {
  for (let shift = 24, p = position; shift >= 0; shift -= 8, p += 2) {
    const pair = HEX[(word >>> shift) & 255] ?? 0;
    target[p] = pair >>> 8;
    target[p + 1] = pair & 255;
  }
}
