/** Deletion vectors as other engines write them. */

import { crc32 } from "node:zlib";
import type { DeletionVector } from "../../../lib/delta/actions/actions.ts";

/** How the rows of one container lie in the bytes. */
export type ContainerKind = "array" | "bits" | "runs";

const Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/** A set of rows in the portable format, with containers of this kind where they can be. */
export function encodeRowSet(rows: readonly number[], kind: ContainerKind = "array"): Uint8Array {
  const bitmaps = [...Map.groupBy(rows, (row) => Math.floor(row / 2 ** 32))];
  const parts = bitmaps.flatMap(([high, group]) => [uint32(high), encodeBitmap(group, kind)]);
  return join([uint32(1681511377), uint64(BigInt(bitmaps.length)), ...parts]);
}

/** An inline vector of these rows. */
export function inlineVector(rows: readonly number[], kind?: ContainerKind): DeletionVector {
  const bytes = encodeRowSet(rows, kind);
  const padded = join([bytes, new Uint8Array((4 - bytes.length % 4) % 4)]);
  return {
    storageType: "i",
    pathOrInlineDv: encodeZ85(padded),
    sizeInBytes: bytes.length,
    cardinality: rows.length,
  };
}

/** A file that holds several vectors, and where each of them begins. */
export function vectorFile(
  sets: readonly Uint8Array[],
): { readonly bytes: Uint8Array; readonly offsets: readonly number[] } {
  const offsets: number[] = [];
  let position = 1;
  const parts = sets.map((set) => {
    offsets.push(position);
    position += set.length + 8;
    return join([bigEndian(set.length), set, bigEndian(crc32(set))]);
  });
  return { bytes: join([Uint8Array.of(1), ...parts]), offsets };
}

/** The text of bytes whose number is a multiple of four. */
export function encodeZ85(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let index = 0; index < bytes.length; index += 4) {
    const value = view.getUint32(index);
    for (const scale of [85 ** 4, 85 ** 3, 85 ** 2, 85, 1]) text += Z85[Math.floor(value / scale) % 85];
  }
  return text;
}

function encodeBitmap(rows: readonly number[], kind: ContainerKind): Uint8Array {
  const containers = [...Map.groupBy(rows.map((row) => row % 2 ** 32), (row) => row >>> 16)];
  const heads = containers.flatMap(([key, group]) => [uint16(key), uint16(group.length - 1)]);
  const bodies = containers.map(([, group]) => encodeContainer(group.map((row) => row & 0xffff), kind));
  const offsets = containers.map(() => uint32(0));
  if (kind !== "runs") {
    return join([uint32(12346), uint32(containers.length), ...heads, ...offsets, ...bodies]);
  }
  const flags = new Uint8Array(Math.ceil(containers.length / 8)).fill(255);
  const cookie = uint32(12347 + (containers.length - 1) * 65_536);
  return join([cookie, flags, ...heads, ...(containers.length >= 4 ? offsets : []), ...bodies]);
}

function encodeContainer(values: readonly number[], kind: ContainerKind): Uint8Array {
  if (kind === "runs") {
    const starts = values.filter((value) => !values.includes(value - 1));
    const ends = values.filter((value) => !values.includes(value + 1));
    return join([
      uint16(starts.length),
      ...starts.flatMap((start, index) => [uint16(start), uint16((ends[index] ?? start) - start)]),
    ]);
  }
  // More than 4096 values are always bits, fewer never.
  if (values.length <= 4096) return join(values.map(uint16));
  const bits = new Uint8Array(8192);
  for (const value of values) bits[value >> 3] = (bits[value >> 3] ?? 0) | (1 << (value & 7));
  return bits;
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >> 8);
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function uint64(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer);
}

function bigEndian(value: number): Uint8Array {
  return uint32(value).reverse();
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
