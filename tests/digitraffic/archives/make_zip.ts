/** Makes ZIP files, plainly and in memory; each part can be made wrong. */
import { concat } from "./pieces.ts";
import { crc32, deflateRawSync } from "node:zlib";

/** How a member is stored. */
export interface MadeMember {
  readonly name: string;
  readonly content: Uint8Array;
  /** Default deflate. */
  readonly isStored?: boolean;
  /** Sizes and checksum: before the member, or after it in one of the four ways. Default before. */
  readonly sizes?: "before" | "before64" | "after" | "after64" | "bare" | "bare64";
  /** Instead of what is true. */
  readonly lies?: { readonly crc?: number; readonly sizeBytes?: number; readonly packedBytes?: number };
  /** Fields before that with the sizes of 64 bits. */
  readonly extra?: Uint8Array;
  readonly flags?: number;
  readonly method?: number;
  /** In the directory. */
  readonly directoryName?: string;
}

/** How an archive ends. */
interface ZipEnd {
  readonly comment?: string;
  /** With the records for offsets of 64 bits before the last one. */
  readonly is64?: boolean;
}

/** An archive of these members. */
export function makeZip(
  members: readonly MadeMember[],
  { comment = "", is64 = false }: ZipEnd = {},
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let at = 0;
  for (const member of members) {
    const local = localParts(member);
    entries.push(entryOf(member, at));
    parts.push(...local);
    at += local.reduce((sum, part) => sum + part.length, 0);
  }
  const directory = concat(entries);
  const note = new TextEncoder().encode(comment);
  const end = record(0x06054b50, [[2, 0], [2, 0], [2, members.length], [2, members.length], [
    4,
    directory.length,
  ], [
    4,
    at,
  ], [2, note.length]]);
  const end64 = is64
    ? [
      record(0x06064b50, [[8, 44], [4, 0], [8, 0], [8, 0], [8, 0], [8, 0], [8, 0]]),
      record(0x07064b50, [[8, 0], [8, 0]]),
    ]
    : [];
  return concat([...parts, directory, ...end64, end, note]);
}

function localParts(member: MadeMember): Uint8Array[] {
  const { sizes = "before" } = member;
  const { name, packed, crc, sizeBytes, packedBytes, method, flags } = factsOf(member);
  const isBefore = sizes.startsWith("before");
  const is64 = sizes.endsWith("64");
  const sizes64 = is64
    ? record(null, [[2, 1], [2, 16], [8, isBefore ? sizeBytes : 0], [8, isBefore ? packedBytes : 0]])
    : new Uint8Array();
  const extra = concat([member.extra ?? new Uint8Array(), sizes64]);
  const said = is64 ? [0xffffffff, 0xffffffff] : isBefore ? [packedBytes, sizeBytes] : [0, 0];
  const header = record(0x04034b50, [
    [2, is64 ? 45 : 20],
    [2, flags],
    [2, method],
    [2, 0],
    [2, 33],
    [4, isBefore ? crc : 0],
    [
      4,
      said[0] ?? 0,
    ],
    [4, said[1] ?? 0],
    [2, name.length],
    [2, extra.length],
  ]);
  const width = is64 ? 8 : 4;
  const after = record(sizes.startsWith("bare") ? null : 0x08074b50, [[4, crc], [width, packedBytes], [
    width,
    sizeBytes,
  ]]);
  return [header, name, extra, packed, ...(isBefore ? [] : [after])];
}

function entryOf(member: MadeMember, at: number): Uint8Array {
  const { crc, sizeBytes, packedBytes, method, flags } = factsOf(member);
  const name = new TextEncoder().encode(member.directoryName ?? member.name);
  return concat([
    record(0x02014b50, [
      [2, 20],
      [2, 20],
      [2, flags],
      [2, method],
      [2, 0],
      [2, 33],
      [4, crc],
      [4, packedBytes],
      [
        4,
        sizeBytes,
      ],
      [2, name.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, at],
    ]),
    name,
  ]);
}

function factsOf({ name, content, isStored = false, sizes = "before", lies = {}, ...own }: MadeMember) {
  const packed = isStored ? content : new Uint8Array(deflateRawSync(content));
  return {
    name: new TextEncoder().encode(name),
    packed,
    crc: crc32(content),
    sizeBytes: content.length,
    packedBytes: packed.length,
    ...lies,
    method: own.method ?? (isStored ? 0 : 8),
    flags: own.flags ?? (sizes.startsWith("before") ? 0 : 8),
  };
}

function record(
  signature: number | null,
  fields: readonly (readonly [width: number, value: number])[],
): Uint8Array<ArrayBuffer> {
  const all = signature === null ? fields : [[4, signature] as const, ...fields];
  const view = new DataView(new ArrayBuffer(all.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of all) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}
