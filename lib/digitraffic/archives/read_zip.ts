/**
 * Reads a ZIP file as it arrives, member by member, without its directory and without the disk. The libraries that there
 * are need the directory at the end first, or check no checksum and bound no size; what a stream needs of the format is
 * little.
 */
import { crc32 } from "node:zlib";
import { describeAnswer } from "../describe_answer.ts";
import { ArchiveError } from "./archive_error.ts";
import { ByteCursor } from "./byte_cursor.ts";
import { inflateMember } from "./inflate_member.ts";
import {
  checkDescriptor,
  checkDirectory,
  type Contents,
  type MemberHeader,
  readMemberHeader,
  readSignature,
  SIGNATURES,
} from "./zip_records.ts";

const DIRECTORY_SIGNATURES: readonly number[] = [SIGNATURES.directory, SIGNATURES.end, SIGNATURES.end64];
/** JSON of trains packs to a thirtieth; deflate can do a thousandth. */
const MOST_RATIO = 200;
/** The beginning of a member may be more even than the rest. */
const FREE_BYTES = 4 * 1024 * 1024;
const MIB = 1024 * 1024;

/** Bounds of an archive; whoever made it is not trusted. */
export interface ZipLimits {
  readonly members: number;
  /** Of one member, unpacked. */
  readonly memberBytes: number;
}

/** One file in an archive. */
export interface ZipMember {
  /** As the archive says; nothing is known of what it means. */
  readonly name: string;
  /**
   * Its bytes, once; those that are not asked for are passed over when the next member is. What was given counts only
   * when the end came without an error: the checksum stands there.
   */
  content(): AsyncIterable<Uint8Array>;
}

const DEFAULT_LIMITS: ZipLimits = { members: 64, memberBytes: 256 * MIB };

/**
 * The members of an archive in their order. Understands deflate and no compression, sizes before and after the member,
 * and 64 bits; refuses encryption, what is cut off, and a directory that does not fit the members.
 *
 * @throws {ArchiveError} When it is no archive, or a broken or a hostile one.
 */
export async function* readZip(
  chunks: AsyncIterable<Uint8Array>,
  limits: ZipLimits = DEFAULT_LIMITS,
): AsyncGenerator<ZipMember, void, undefined> {
  await using cursor = new ByteCursor(chunks);
  const members = new Map<string, number | null>();
  while (true) {
    const signature = await readSignature(cursor);
    if (signature !== null && DIRECTORY_SIGNATURES.includes(signature)) {
      return await checkDirectory(cursor, members, signature);
    }
    if (signature !== SIGNATURES.member) {
      await refuseSignature(cursor, { signature, isFirst: members.size === 0 });
    }
    const header = await readMemberHeader(cursor);
    if (members.has(header.name)) {
      throw new ArchiveError(`member "${header.name}": found it twice, expected it once`);
    }
    if (members.size === limits.members) {
      throw new ArchiveError(`found more than ${limits.members} members, expected the days of a month`);
    }
    const content = new MemberContent(cursor, header, limits);
    yield { name: header.name, content: () => content.read() };
    members.set(header.name, await content.passOver());
  }
}

async function refuseSignature(
  cursor: ByteCursor,
  { signature, isFirst }: { readonly signature: number | null; readonly isFirst: boolean },
): Promise<never> {
  if (signature === null) {
    throw new ArchiveError(
      `byte ${cursor.position}: found the end of the file, expected its directory: it is cut off`,
    );
  }
  if (!isFirst) {
    throw new ArchiveError(`byte ${cursor.position - 4}: found no member, expected one or the directory`);
  }
  const start = new Uint8Array(new Uint32Array([signature]).buffer);
  const more = await cursor.next(1024) ?? new Uint8Array();
  throw new ArchiveError(
    `found ${describeAnswer(new Uint8Array([...start, ...more]))}, expected a ZIP archive`,
  );
}

/** The content of one member, of which it is counted what was read. */
class MemberContent {
  #isBegun = false;
  /** Null where nobody has looked, and the archive says nothing. */
  #crc: number | null = null;
  #isOver = false;
  readonly #cursor: ByteCursor;
  readonly #header: MemberHeader;
  readonly #limits: ZipLimits;

  constructor(cursor: ByteCursor, header: MemberHeader, limits: ZipLimits) {
    this.#cursor = cursor;
    this.#header = header;
    this.#limits = limits;
  }

  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#isBegun) throw new Error(`Cannot read "${this.#header.name}" twice: it comes as a stream`);
    this.#isBegun = true;
    const { name, contents } = this.#header;
    this.#refuseSize(contents?.sizeBytes ?? 0);
    const found = { crc: 0, sizeBytes: 0, packedBytes: 0 };
    for await (const piece of this.#unpack(found)) {
      found.crc = crc32(piece, found.crc);
      found.sizeBytes += piece.length;
      this.#refuseSize(found.sizeBytes);
      if (found.sizeBytes > FREE_BYTES && found.sizeBytes > MOST_RATIO * found.packedBytes) {
        throw new ArchiveError(
          `member "${name}": found more than ${MOST_RATIO} times its packed size, expected trains`,
        );
      }
      yield piece;
    }
    if (contents === null) await checkDescriptor(this.#cursor, name, found);
    else compare(name, found, contents);
    this.#crc = found.crc;
    this.#isOver = true;
  }

  /** Reads on to the next member; gives the checksum. */
  async passOver(): Promise<number | null> {
    const { contents } = this.#header;
    if (this.#isOver) return this.#crc;
    if (this.#isBegun) throw new Error(`Cannot read on after a part of "${this.#header.name}"`);
    if (contents !== null) {
      await this.#cursor.skip(contents.packedBytes);
      return contents.crc;
    }
    for await (const _ of this.read());
    return this.#crc;
  }

  #unpack(found: { packedBytes: number }): AsyncIterable<Uint8Array> {
    const { isDeflated, contents } = this.#header;
    const mostPackedBytes = contents?.packedBytes ?? this.#limits.memberBytes;
    const options = { mostPackedBytes, onTaken: (bytes: number) => void (found.packedBytes = bytes) };
    return isDeflated ? inflateMember(this.#cursor, options) : copyMember(this.#cursor, options);
  }

  #refuseSize(sizeBytes: number): void {
    const { memberBytes } = this.#limits;
    if (sizeBytes <= memberBytes) return;
    throw new ArchiveError(
      `member "${this.#header.name}": found more than ${memberBytes} bytes, expected a day of trains`,
    );
  }
}

async function* copyMember(
  cursor: ByteCursor,
  { mostPackedBytes, onTaken }: Parameters<typeof inflateMember>[1],
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let takenBytes = 0; takenBytes < mostPackedBytes;) {
    const piece = await cursor.next(mostPackedBytes - takenBytes);
    if (piece === null) return;
    takenBytes += piece.length;
    onTaken(takenBytes);
    yield piece;
  }
}

function compare(name: string, found: Contents, expected: Contents): void {
  for (const part of ["packedBytes", "sizeBytes", "crc"] as const) {
    if (found[part] === expected[part]) continue;
    const what = { packedBytes: "packed bytes", sizeBytes: "bytes", crc: "as checksum" }[part];
    throw new ArchiveError(
      `member "${name}": found ${found[part]} ${what}, expected ${expected[part]} as it says`,
    );
  }
}
