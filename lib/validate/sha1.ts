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
const bytes = new Uint8Array(64);
const HEX = new TextEncoder().encode("0123456789abcdef");

/** Writes the SHA-1 of the key's UTF-8 bytes as 40 hex characters to `target` at `position`. */
export function writeSha1Hex(key: string, target: Uint8Array, position: number): void {
  const length = encodeShort(key);
  if (length < 0) {
    new TextEncoder().encodeInto(hash("sha1", key), target.subarray(position));
    return;
  }
  padBlock(length);
  digestBlock(target, position);
}

/** Encodes into `bytes` and returns the length, or -1 when the key does not fit one block. */
function encodeShort(key: string): number {
  if (key.length > ONE_BLOCK_LIMIT) return -1;
  let length = 0;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code < 0x80) {
      bytes[length++] = code;
    } else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else {
      return -1;
    }
  }
  return length <= ONE_BLOCK_LIMIT ? length : -1;
}

function padBlock(length: number): void {
  bytes[length] = 0x80;
  bytes.fill(0, length + 1);
  bytes[62] = (length * 8) >> 8;
  bytes[63] = (length * 8) & 0xff;
}

function digestBlock(target: Uint8Array, position: number): void {
  for (let i = 0, p = 0; i < 16; i++, p += 4) {
    words[i] = (byteAt(p) << 24) | (byteAt(p + 1) << 16) | (byteAt(p + 2) << 8) | byteAt(p + 3);
  }
  for (let i = 16; i < 80; i++) {
    const mixed = wordAt(i - 3) ^ wordAt(i - 8) ^ wordAt(i - 14) ^ wordAt(i - 16);
    words[i] = (mixed << 1) | (mixed >>> 31);
  }
  let a = 0x67452301, b = 0xefcdab89 | 0, c = 0x98badcfe | 0, d = 0x10325476, e = 0xc3d2e1f0 | 0;
  let i = 0;
  for (; i < 20; i++) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (~b & d)) + e + 0x5a827999 + wordAt(i)) | 0;
    e = d, d = c, c = (b << 30) | (b >>> 2), b = a, a = next;
  }
  for (; i < 40; i++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0x6ed9eba1 + wordAt(i)) | 0;
    e = d, d = c, c = (b << 30) | (b >>> 2), b = a, a = next;
  }
  for (; i < 60; i++) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (b & d) | (c & d)) + e + 0x8f1bbcdc + wordAt(i)) | 0;
    e = d, d = c, c = (b << 30) | (b >>> 2), b = a, a = next;
  }
  for (; i < 80; i++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0xca62c1d6 + wordAt(i)) | 0;
    e = d, d = c, c = (b << 30) | (b >>> 2), b = a, a = next;
  }
  writeHexWord(target, position, (a + 0x67452301) | 0);
  writeHexWord(target, position + 8, (b + 0xefcdab89) | 0);
  writeHexWord(target, position + 16, (c + 0x98badcfe) | 0);
  writeHexWord(target, position + 24, (d + 0x10325476) | 0);
  writeHexWord(target, position + 32, (e + 0xc3d2e1f0) | 0);
}

function byteAt(index: number): number {
  return bytes[index] ?? 0;
}

function wordAt(index: number): number {
  return words[index] ?? 0;
}

function writeHexWord(target: Uint8Array, position: number, word: number): void {
  for (let shift = 28, p = position; shift >= 0; shift -= 4, p++) {
    target[p] = HEX[(word >>> shift) & 15] ?? 0;
  }
}
