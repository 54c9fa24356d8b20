/**
 * The records of a ZIP file (APPNOTE 6.3): the header before each member, what follows one whose sizes were not known
 * when it was begun, and the directory at the end.
 */
import { printable } from "../../printable.ts";
import { ArchiveError } from "./archive_error.ts";
import type { ByteCursor } from "./byte_cursor.ts";

/** The kinds of records, by the four bytes that each begins with. */
export const SIGNATURES = {
  member: 0x04034b50,
  descriptor: 0x08074b50,
  directory: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;

const IS_ENCRYPTED = 1;
const HAS_DESCRIPTOR = 1 << 3;
/** Patches, strong encryption and masked headers: nothing that a plain archive has. */
const IS_FOREIGN = 1 << 5 | 1 << 6 | 1 << 13;
const IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;
const MOST_OF_NAME = 255;
const latin1 = new TextDecoder("latin1");

/** What a member's content comes out as. */
export interface Contents {
  readonly crc: number;
  readonly sizeBytes: number;
  /** As it stands in the archive. */
  readonly packedBytes: number;
}

/** The header before a member. */
export interface MemberHeader {
  readonly name: string;
  readonly isDeflated: boolean;
  /** Null when it follows the member. */
  readonly contents: Contents | null;
}

/** The header of the next member, whose signature was read. */
export async function readMemberHeader(cursor: ByteCursor): Promise<MemberHeader> {
  const view = viewOf(await need(cursor, 26));
  const [flags, method] = [view.getUint16(2, true), view.getUint16(4, true)];
  const [nameLength, extraLength] = [view.getUint16(22, true), view.getUint16(24, true)];
  const name = await readName(cursor, nameLength);
  const extra = await need(cursor, extraLength);
  const refuse = (found: string, expected: string): never => {
    throw new ArchiveError(`member "${name}": found ${found}, expected ${expected}`);
  };
  if ((flags & (IS_ENCRYPTED | IS_FOREIGN)) !== 0) refuse("encrypted or patched content", "plain content");
  if (method !== 0 && method !== 8) refuse(`compression method ${method}`, "deflate (8) or none (0)");
  const isLater = (flags & HAS_DESCRIPTOR) !== 0;
  if (isLater && method === 0) {
    refuse("content without compression whose size is not said before it", "the size, or deflate");
  }
  const packed = { crc: view.getUint32(10, true), packedBytes: view.getUint32(14, true) };
  const contents = { ...packed, sizeBytes: view.getUint32(18, true) };
  if (isLater) return { name, isDeflated: true, contents: null };
  const whole = widen(contents, extra) ?? refuse("a size over 4 GB that is not said", "a field with 64 bits");
  return { name, isDeflated: method === 8, contents: whole };
}

/**
 * Reads what follows a member whose sizes were not said before it: with or without a signature, with sizes of 32 or 64
 * bits. So it is compared with what the content came out as, and with what must follow.
 */
export async function checkDescriptor(cursor: ByteCursor, name: string, found: Contents): Promise<void> {
  const bytes = await need(cursor, 28);
  const fitting = [[4, 8], [4, 4], [0, 8], [0, 4]].find(([at = 0, width = 4]) =>
    (at === 0 || viewOf(bytes).getUint32(0, true) === SIGNATURES.descriptor) &&
    fits(bytes, { at, width, found })
  );
  const [at = 0, width = 0] = fitting ?? [];
  cursor.unread(bytes.subarray(at + 4 + 2 * width));
  if (fitting === undefined) {
    throw new ArchiveError(
      `member "${name}": found other sizes or another checksum after it than those of its content, expected the same`,
    );
  }
}

/** The rest of the directory, whose first signature was read: every member as it was before, and nothing after the end. */
export async function checkDirectory(
  cursor: ByteCursor,
  members: ReadonlyMap<string, number | null>,
  first: number,
): Promise<void> {
  const left = new Map(members);
  let signature: number = first;
  while (signature === SIGNATURES.directory) {
    const { name, crc } = await readEntry(cursor);
    const noted = left.get(name);
    // What was passed over and said nothing of itself has no checksum to compare.
    if (noted === undefined || (noted !== null && noted !== crc)) {
      throw new ArchiveError(
        `directory: found "${name}" with checksum ${hex(crc)}, expected the members before it`,
      );
    }
    left.delete(name);
    signature = await readSignature(cursor) ?? 0;
  }
  const [missing] = left.keys();
  if (missing !== undefined) {
    throw new ArchiveError(`directory: found no "${missing}", expected every member of the archive`);
  }
  await readEnd(cursor, signature);
}

/** The four bytes that a record begins with; null at the end of the file. */
export async function readSignature(cursor: ByteCursor): Promise<number | null> {
  const bytes = await cursor.exactly(4);
  return bytes === null ? null : viewOf(bytes).getUint32(0, true);
}

async function readEntry(cursor: ByteCursor): Promise<{ readonly name: string; readonly crc: number }> {
  const view = viewOf(await need(cursor, 42));
  const name = await readName(cursor, view.getUint16(24, true));
  await cursor.skip(view.getUint16(26, true) + view.getUint16(28, true));
  return { name, crc: view.getUint32(12, true) };
}

async function readEnd(cursor: ByteCursor, first: number): Promise<void> {
  let signature: number = first;
  if (signature === SIGNATURES.end64) {
    const size = viewOf(await need(cursor, 8)).getBigUint64(0, true);
    await cursor.skip(Number(size < 65_536n ? size : 65_536n));
    signature = await readSignature(cursor) ?? 0;
  }
  if (signature === SIGNATURES.locator64) {
    await cursor.skip(16);
    signature = await readSignature(cursor) ?? 0;
  }
  if (signature !== SIGNATURES.end) {
    throw new ArchiveError(
      `byte ${cursor.position}: found no end of the directory, expected one: the file is cut off`,
    );
  }
  await cursor.skip(viewOf(await need(cursor, 18)).getUint16(16, true));
  if (await cursor.next(1) !== null) {
    throw new ArchiveError(
      `byte ${cursor.position}: found more after the end of the archive, expected nothing`,
    );
  }
}

function fits(
  bytes: Uint8Array,
  { at, width, found }: { readonly at: number; readonly width: number; readonly found: Contents },
): boolean {
  const view = viewOf(bytes);
  const sizeAt = (place: number) =>
    width === 8 ? Number(view.getBigUint64(place, true)) : view.getUint32(place, true);
  const end = at + 4 + 2 * width;
  const isFollowed = end + 4 > bytes.length ||
    [SIGNATURES.member, SIGNATURES.directory].some((each) => each === view.getUint32(end, true));
  return isFollowed && view.getUint32(at, true) === found.crc && sizeAt(at + 4) === found.packedBytes &&
    sizeAt(at + 4 + width) === found.sizeBytes;
}

/** Sizes of 64 bits stand in a field of their own; null when it is missing. */
function widen(contents: Contents, extra: Uint8Array): Contents | null {
  const { crc, sizeBytes, packedBytes } = contents;
  if (sizeBytes !== IN_ZIP64 && packedBytes !== IN_ZIP64) return contents;
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== ZIP64_FIELD || at + 20 > extra.length) continue;
    const [whole, packed] = [view.getBigUint64(at + 4, true), view.getBigUint64(at + 12, true)];
    return { crc, sizeBytes: Number(whole), packedBytes: Number(packed) };
  }
  return null;
}

async function readName(cursor: ByteCursor, length: number): Promise<string> {
  if (length > MOST_OF_NAME) {
    throw new ArchiveError(
      `byte ${cursor.position}: found a name of ${length} bytes, expected at most ${MOST_OF_NAME}`,
    );
  }
  return printable(latin1.decode(await need(cursor, length)));
}

async function need(cursor: ByteCursor, size: number): Promise<Uint8Array> {
  const bytes = await cursor.exactly(size);
  if (bytes !== null) return bytes;
  throw new ArchiveError(`byte ${cursor.position}: found the end of the file, expected ${size} more bytes`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
