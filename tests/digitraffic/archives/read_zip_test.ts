import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { ArchiveError } from "../../../lib/digitraffic/archives/archive_error.ts";
import { readZip, type ZipLimits } from "../../../lib/digitraffic/archives/read_zip.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { rounds } from "../../rounds.ts";
import { concat, inPieces, isSame } from "./pieces.ts";
import { type MadeMember, makeZip } from "./make_zip.ts";

const SIZES = ["before", "before64", "after", "after64", "bare", "bare64"] as const;
const utf8 = new TextEncoder();

/** Names and contents of what is asked for; the other members are passed over. */
async function readAll(
  chunks: AsyncIterable<Uint8Array>,
  { isWanted = () => true, limits }: {
    readonly isWanted?: (name: string) => boolean;
    readonly limits?: ZipLimits;
  } = {},
): Promise<readonly (readonly [string, Uint8Array])[]> {
  const read: (readonly [string, Uint8Array])[] = [];
  for await (const { name, content } of readZip(chunks, limits)) {
    if (isWanted(name)) read.push([name, concat(await Array.fromAsync(content()))]);
  }
  return read;
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** How bytes are cut: into pieces of at most so many. */
interface Cuts {
  readonly random: () => number;
  readonly most: number;
}

function randomContent(random: () => number, sizeBytes: number): Uint8Array {
  return Uint8Array.from({ length: sizeBytes }, () => 97 + Math.floor(random() ** 3 * 26));
}

function randomMember(at: number, { random, most }: Cuts): MadeMember {
  const isStored = random() < 0.3;
  const sizes = SIZES[Math.floor(random() * (isStored ? 2 : SIZES.length))] ?? "before";
  return {
    name: `member ${at}`,
    content: randomContent(random, Math.floor(random() ** 4 * Math.min(300_000, 2_000 * most))),
    isStored,
    sizes,
    // A field of nobody, as Info-ZIP writes one for the time.
    extra: random() < 0.5 ? new Uint8Array() : Uint8Array.of(0x55, 0x54, 3, 0, 1, 0, 0),
  };
}

Deno.test("members of every kind come out as they went in, wherever the bytes are cut", async () => {
  for (let seed = 1; seed <= rounds(60); seed++) {
    const random = seededRandom(seed);
    const cuts = { random, most: [1, 40, 5_000, 400_000][seed % 4] ?? 1 };
    const members = Array.from({ length: Math.floor(random() * 6) }, (_, at) => randomMember(at, cuts));
    const archive = makeZip(members, {
      comment: random() < 0.5 ? "PK\x05\x06 a comment" : "",
      is64: random() < 0.3,
    });
    const wanted = new Set(members.filter(() => random() < 0.7).map(({ name }) => name));
    const read = await readAll(inPieces(archive, cuts), { isWanted: (name) => wanted.has(name) });
    assertEquals(
      read.map(([name]) => name),
      members.map(({ name }) => name).filter((name) => wanted.has(name)),
    );
    for (const [name, content] of read) {
      assert(isSame(content, members.find((each) => each.name === name)?.content), `seed ${seed}, ${name}`);
    }
  }
});

Deno.test("an archive that is cut off anywhere is an error", async () => {
  const random = seededRandom(7);
  const members = SIZES.map((sizes, at): MadeMember => ({
    name: `m${at}`,
    content: randomContent(random, 300),
    sizes,
  }));
  const archive = makeZip(members);
  for (let length = 1; length < archive.length; length++) {
    await assertRejects(() => readAll(whole(archive.subarray(0, length))), ArchiveError, "expected");
  }
  await assertRejects(() => readAll(whole(new Uint8Array())), ArchiveError, "cut off");
  assertEquals((await readAll(whole(archive))).length, SIZES.length);
});

Deno.test("no byte of an archive can change without an error or the same content", async () => {
  const random = seededRandom(8);
  const members = SIZES.map((sizes, at): MadeMember => ({
    name: `m${at}`,
    content: randomContent(random, 120),
    sizes,
  }));
  const archive = makeZip(members);
  const names = new Set(members.map(({ name }) => name));
  const expected = concat(members.map(({ content }) => content));
  let refused = 0;
  for (let at = 0; at < archive.length; at++) {
    const changed = archive.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    try {
      const read = await readAll(whole(changed));
      // What is in the directory alone (times, versions, rights) is nobody's business.
      assert(isSame(concat(read.map(([, content]) => content)), expected), `byte ${at}`);
      assert(read.every(([name]) => names.has(name)));
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      refused++;
    }
  }
  assertGreater(refused, archive.length / 2);
});

const CONTENT = utf8.encode("[" + "1,".repeat(500) + "1]");
const PLAIN: MadeMember = { name: "a", content: CONTENT };

const HOSTILE: readonly [name: string, archive: Uint8Array, message: string][] = [
  [
    "no archive",
    utf8.encode("<html>Not here</html>"),
    'found "<html>Not here</html>", expected a ZIP archive',
  ],
  [
    "an error object",
    utf8.encode('{"code":"X","errorMessage":"no"}'),
    "found error X: no, expected a ZIP archive",
  ],
  ["a wrong checksum", makeZip([{ ...PLAIN, lies: { crc: 7 } }]), 'member "a": found '],
  [
    "a wrong checksum after the member",
    makeZip([{ ...PLAIN, lies: { crc: 7 }, sizes: "after" }]),
    "another checksum",
  ],
  [
    "a size that is too small",
    makeZip([{ ...PLAIN, lies: { sizeBytes: 3 } }]),
    "bytes, expected 3 as it says",
  ],
  [
    "a packed size that is too small",
    makeZip([{ ...PLAIN, lies: { packedBytes: 3 } }]),
    "unexpected end of file",
  ],
  ["a packed size that is too large", makeZip([{ ...PLAIN, lies: { packedBytes: 40 } }]), "as it says"],
  [
    "a size after the member that is wrong",
    makeZip([{ ...PLAIN, lies: { sizeBytes: 3 }, sizes: "after64" }]),
    "other sizes",
  ],
  [
    "encryption",
    makeZip([{ ...PLAIN, flags: 1 }]),
    "found encrypted or patched content, expected plain content",
  ],
  ["strong encryption", makeZip([{ ...PLAIN, flags: 0x41 }]), "found encrypted"],
  ["another compression", makeZip([{ ...PLAIN, method: 14 }]), "found compression method 14"],
  [
    "no compression and no size",
    makeZip([{ ...PLAIN, isStored: true, sizes: "after" }]),
    "whose size is not said",
  ],
  ["a directory whose end is short", makeZip([PLAIN], { is64: true }).subarray(0, -30), "expected"],
  [
    "a size of 64 bits that is nowhere",
    makeZip([{ ...PLAIN, lies: { sizeBytes: 0xffffffff } }]),
    "found a size over 4 GB that is not said",
  ],
  ["a member that is there twice", makeZip([PLAIN, PLAIN]), "found it twice"],
  ["a directory of other members", makeZip([{ ...PLAIN, directoryName: "b" }]), 'directory: found "b"'],
  ["something after the end", concat([makeZip([PLAIN]), CONTENT]), "found more after the end"],
  ["something before the members", concat([CONTENT, makeZip([PLAIN])]), "expected a ZIP archive"],
  [
    "a member that is no deflated data",
    makeZip([{ ...PLAIN, isStored: true, method: 8, flags: 8 }]),
    "expected deflated data",
  ],
  ["a name without end", makeZip([{ ...PLAIN, name: "n".repeat(300) }]), "found a name of 300 bytes"],
  [
    "very many members",
    makeZip(Array.from({ length: 65 }, (_, at) => ({ ...PLAIN, name: `m${at}` }))),
    "found more than 64 members",
  ],
];

for (const [name, archive, message] of HOSTILE) {
  Deno.test(`${name} is refused, in words`, async () => {
    const error = await assertRejects(() => readAll(whole(archive)), ArchiveError);
    assertStringIncludes(error.message, message);
  });
}

Deno.test("control characters in a name do not reach the terminal", async () => {
  const error = await assertRejects(() =>
    readAll(whole(makeZip([{ ...PLAIN, name: "\x1b[2Ja", flags: 1 }])))
  );
  assert(error instanceof Error && !error.message.includes("\x1b"));
});

Deno.test("a bomb is refused after a little of it", async () => {
  const bomb = new Uint8Array(64 * 1024 * 1024);
  for (const sizes of ["before", "after"] as const) {
    let unpackedBytes = 0;
    await assertRejects(
      async () => {
        for await (const { content } of readZip(whole(makeZip([{ name: "bomb", content: bomb, sizes }])))) {
          for await (const piece of content()) unpackedBytes += piece.length;
        }
      },
      ArchiveError,
      "found more than 200 times its packed size",
    );
    assert(unpackedBytes <= 20 * 1024 * 1024, `${unpackedBytes} bytes`);
  }
});

Deno.test("a member over the limit is refused, whether it says so or not", async () => {
  for (const sizes of ["before", "after"] as const) {
    const limits = { members: 2, memberBytes: CONTENT.length - 1 };
    const archive = makeZip([{ ...PLAIN, sizes }]);
    await assertRejects(
      () => readAll(whole(archive), { limits }),
      ArchiveError,
      `more than ${limits.memberBytes} bytes`,
    );
    assertEquals(
      (await readAll(whole(archive), { limits: { members: 1, memberBytes: CONTENT.length } })).length,
      1,
    );
  }
});

Deno.test("nothing is read ahead: a slow reader holds one chunk and one piece", async () => {
  const random = seededRandom(3);
  const content = randomContent(random, 2_000_000);
  const archive = makeZip([{ ...PLAIN, content }]);
  let givenBytes = 0;
  async function* counted() {
    for await (const piece of inPieces(archive, { random, most: 20_000 })) {
      givenBytes += piece.length;
      yield piece;
    }
  }
  for await (const member of readZip(counted())) {
    let readBytes = 0;
    for await (const piece of member.content()) {
      readBytes += piece.length;
      const share = readBytes / content.length * archive.length;
      assert(givenBytes - share < 200_000, `${givenBytes} given, ${share} read`);
      // Others get their turn meanwhile: what would read ahead does it now.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

Deno.test("a fault of the source comes through as it is, and the source is closed", async () => {
  const archive = makeZip([PLAIN]);
  let isClosed = false;
  async function* broken() {
    try {
      yield archive.subarray(0, 40);
      await Promise.resolve();
      throw new TypeError("connection reset");
    } finally {
      isClosed = true;
    }
  }
  await assertRejects(() => readAll(broken()), TypeError, "connection reset");
  assert(isClosed);
});

Deno.test("whoever stops within a member closes the source", async () => {
  let isClosed = false;
  async function* source() {
    try {
      for await (
        const piece of inPieces(makeZip([PLAIN, { ...PLAIN, name: "b" }]), { random: () => 0.5, most: 10 })
      ) {
        yield piece;
      }
    } finally {
      isClosed = true;
    }
  }
  for await (const { content } of readZip(source())) {
    for await (const _ of content()) break;
    break;
  }
  assert(isClosed);
});
