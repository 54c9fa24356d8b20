import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { snappyCompress } from "hysnappy";
import { gzipSync, zstdCompressSync } from "node:zlib";

import type { LogRecord } from "../../../../lib/broker/broker.ts";
import { splitBatches } from "../../../../lib/broker/kafka/wire/split_batches.ts";
import { unpackRecords } from "../../../../lib/broker/kafka/wire/unpack_records.ts";
import {
  type BatchOptions,
  concat,
  encodeBatch,
  int32,
  int64,
  type SentRecord,
  varint,
} from "./encode_batch.ts";

const encoder = new TextEncoder();
const NOT_TEXT = Uint8Array.of(0, 0, 0, 0xff);

async function readBack(
  records: readonly SentRecord[],
  options?: BatchOptions,
): Promise<readonly LogRecord[]> {
  const batches = splitBatches(encodeBatch(records, options));
  assertEquals(batches.length, 1);
  return (await Promise.all(batches.map(async ({ readRecords }) => [...await readRecords()]))).flat();
}

Deno.test("a header without a value, or that is no text, is no header; the others stay", async () => {
  const headers = [
    ["a", "1"],
    ["none", null],
    [NOT_TEXT, "name"],
    ["value", NOT_TEXT],
    ["twice", "first"],
    ["twice", "last"],
    ["after", "x"],
    ["after", null],
    ["__proto__", "own"],
    ["", ""],
  ] as const;
  const [record] = await readBack([{ value: "v", headers }]);
  const found = new Map(Object.entries(record?.headers ?? {}));
  const expected = [["a", "1"], ["twice", "last"], ["after", "x"], ["__proto__", "own"], ["", ""]] as const;
  assertEquals(found, new Map(expected));
});

Deno.test("forty thousand headers and one of five megabytes are read", async () => {
  const many = Array.from({ length: 40_000 }, (_, index) => [`name${index}`, `${index}`] as const);
  const [record] = await readBack([{ headers: [...many, ["large", "x".repeat(5_000_000)]] }]);
  assertEquals(Object.keys(record?.headers ?? {}).length, 40_001);
  assertEquals(record?.headers.large?.length, 5_000_000);
});

Deno.test("a key that is no UTF-8 keeps its bytes, and a byte order mark stays a character", async () => {
  const other = Uint8Array.of(0, 0, 0, 0xfe);
  const keys = [null, "", "a", "\ufeffa", NOT_TEXT, other];
  const records = await readBack(keys.map((key) => ({ key })));
  assertEquals(records.map(({ key }) => key), [null, "", "a", "\ufeffa", null, null]);
  assertEquals(records.map(({ keyBytes }) => keyBytes), [
    undefined,
    undefined,
    undefined,
    undefined,
    NOT_TEXT,
    other,
  ]);
});

Deno.test("times of any 64 bits are read, from the batch when the log stamps them", async () => {
  const times = [0n, -1n, 1n, 1_739_766_060_000n, 2n ** 62n, -(2n ** 62n), 8_640_000_000_000_001n];
  const records = await readBack(times.map((timestampMs) => ({ timestampMs })));
  assertEquals(records.map(({ timestampMs }) => timestampMs), times.map(Number));
  const stamped = await readBack([{}, {}], { attributes: 0x08, maxTimestampMs: 77n });
  assertEquals(stamped.map(({ timestampMs }) => timestampMs), [77, 77]);
});

Deno.test("offsets go by the batch, where compaction has left some of its records, or none", async () => {
  const records = await readBack([{ offset: 2 }, { offset: 5 }], {
    firstOffset: 2n ** 53n,
    lastOffsetDelta: 9,
  });
  assertEquals(records.map(({ offset }) => offset), [2n ** 53n + 2n, 2n ** 53n + 5n]);
  const [emptied] = splitBatches(encodeBatch([], { firstOffset: 7n, lastOffsetDelta: 9 }));
  assertEquals([emptied?.firstOffset, emptied?.lastOffset], [7n, 16n]);
  assertEquals([...await emptied?.readRecords() ?? []], []);
});

Deno.test("batches are cut at their ends, and one that is not whole is left out", () => {
  const whole = concat([encodeBatch([{}]), encodeBatch([{}, {}], { firstOffset: 1n })]);
  for (let cut = encodeBatch([{}]).length; cut < whole.length; cut++) {
    assertEquals(splitBatches(whole.subarray(0, cut)).map(({ lastOffset }) => lastOffset), [0n]);
  }
  assertEquals(splitBatches(whole).map(({ lastOffset }) => lastOffset), [0n, 2n]);
  assertEquals(splitBatches(new Uint8Array()), []);
  assertThrows(() => splitBatches(whole.subarray(0, 30)), RangeError, "not whole");
});

Deno.test("messages of the formats 0 and 1, packed or not, are read", async () => {
  const plain = legacy(0, 4n, { value: "old" });
  const inner = concat([legacy(1, 0n, { value: "a" }), legacy(1, 1n, { value: "b" })]);
  const packed = legacy(1, 9n, { value: gzipSync(inner), codec: 1 });
  const batches = splitBatches(
    concat([plain, packed, encodeBatch([{ value: "new" }], { firstOffset: 10n })]),
  );
  const records = (await Promise.all(batches.map(async ({ readRecords }) => [...await readRecords()])))
    .flat();
  const found = records.map(({ offset, timestampMs, value }) => [
    offset,
    timestampMs,
    new TextDecoder().decode(value ?? undefined),
  ]);
  assertEquals(found, [[4n, -1, "old"], [8n, 55, "a"], [9n, 55, "b"], [10n, 0, "new"]]);
});

function legacy(
  format: number,
  offset: bigint,
  { value, codec = 0 }: { readonly value: string | Uint8Array; readonly codec?: number },
): Uint8Array {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  const time = format === 0 ? new Uint8Array() : int64(55n);
  const body = concat([int32(0), Uint8Array.of(format, codec), time, int32(-1), int32(bytes.length), bytes]);
  return concat([int64(offset), int32(body.length), body]);
}

/** How each codec packs; LZ4 has no packer here, so its frames are put together by hand. */
const PACKERS: Readonly<Record<string, readonly [codec: number, pack: (bytes: Uint8Array) => Uint8Array]>> = {
  none: [0, (bytes) => bytes],
  gzip: [1, (bytes) => gzipSync(bytes)],
  snappy: [2, (bytes) => snappyCompress(bytes)],
  "snappy in the Java library's frames": [2, xerial],
  "lz4 that is stored": [3, (bytes) => lz4Frame([[true, bytes]])],
  "lz4 in literals": [3, (bytes) => lz4Frame([[false, lz4Literals(bytes)]])],
  zstd: [4, (bytes) => zstdCompressSync(bytes)],
};

Deno.test("every codec gives back what was packed", async () => {
  const records = Array.from(
    { length: 500 },
    (_, index) => ({ key: `k${index % 7}`, value: `${index}`.repeat(40) }),
  );
  const plain = await readBack(records);
  for (const [name, [attributes, pack]] of Object.entries(PACKERS)) {
    assertEquals(await readBack(records, { attributes, pack }), plain, name);
  }
});

Deno.test("an LZ4 block repeats what an earlier block, or it itself, has just unpacked", async () => {
  const first = encoder.encode("abcdefgh");
  // No literals, then 8 bytes from 8 before; one literal, then 20 bytes from 1 before; a literal ends the block.
  const second = Uint8Array.of(0x04, 8, 0, 0x1f, 0x78, 1, 0, 1, 0x10, 0x79);
  const frame = lz4Frame([[true, first], [false, second]]);
  const text = new TextDecoder().decode(await unpackRecords(3, frame));
  assertEquals(text, `abcdefghabcdefgh${"x".repeat(21)}y`);
});

Deno.test("damaged bytes of any codec are an error, soon and without much memory, or another text of bounded size", async () => {
  const records = Array.from(
    { length: 60 },
    (_, index) => ({ key: `${index}`, value: "value ".repeat(index) }),
  );
  let state = 7;
  const random = (below: number) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return (state >>> 0) % below;
  };
  let refused = 0;
  for (const [attributes, pack] of Object.values(PACKERS)) {
    const whole = encodeBatch(records, { attributes, pack });
    for (let round = 0; round < 150; round++) {
      const bytes = whole.slice();
      for (let hits = random(4); hits >= 0; hits--) bytes[61 + random(bytes.length - 61)] = random(256);
      try {
        for (const batch of splitBatches(bytes)) for (const _ of await batch.readRecords());
      } catch (cause) {
        assert(cause instanceof Error, String(cause));
        refused++;
      }
    }
  }
  assert(refused > 200, `${refused}`);
});

Deno.test("a batch that unpacks to more than the limit is refused by every codec", async () => {
  const bomb = new Uint8Array(3_000_000);
  const packed: readonly (readonly [number, Uint8Array])[] = [
    [1, gzipSync(bomb)],
    [2, snappyCompress(bomb)],
    [2, xerial(bomb)],
    [3, lz4Frame([[true, Uint8Array.of(0)], [false, lz4Repeat(2_999_999)]])],
    [4, zstdCompressSync(bomb)],
  ];
  for (const [codec, bytes] of packed) {
    assertEquals((await unpackRecords(codec, bytes, 3_000_000)).length, 3_000_000);
    await assertRejects(() => unpackRecords(codec, bytes, 2_999_999), Error);
  }
  await assertRejects(() => unpackRecords(5, bomb), RangeError, "unknown codec 5");
});

Deno.test("a record that claims more than the batch has is refused", async () => {
  const claims = concat([varint(1_000_000n), Uint8Array.of(0)]);
  await assertRejects(() => readBack([{}], { pack: () => claims }), RangeError, "1000000 bytes at 3");
  await assertRejects(() => readBack([{}], { count: 2_000_000_000 }), RangeError);
  await assertRejects(() => readBack([{}], { pack: () => new Uint8Array(20).fill(255) }), RangeError);
});

function xerial(bytes: Uint8Array): Uint8Array {
  const head = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1);
  const blocks: Uint8Array[] = [head];
  for (let at = 0; at < bytes.length; at += 32_768) {
    const block = snappyCompress(bytes.subarray(at, at + 32_768));
    blocks.push(int32(block.length), block);
  }
  return concat(blocks);
}

function lz4Frame(blocks: readonly (readonly [isStored: boolean, bytes: Uint8Array])[]): Uint8Array {
  const head = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0xc0);
  const parts = blocks.flatMap(([isStored, bytes]) => [
    int32(bytes.length | (isStored ? 0x80000000 : 0)).reverse(),
    bytes,
  ]);
  return concat([head, ...parts, int32(0)]);
}

function lz4Literals(bytes: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(0xf0), lz4Length(bytes.length - 15), bytes]);
}

/** Repeats the byte before so many times. */
function lz4Repeat(count: number): Uint8Array {
  return concat([Uint8Array.of(0x0f, 1, 0), lz4Length(count - 19)]);
}

function lz4Length(length: number): Uint8Array {
  return concat([new Uint8Array(Math.floor(length / 255)).fill(255), Uint8Array.of(length % 255)]);
}
