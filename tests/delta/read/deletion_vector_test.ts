import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import pl from "nodejs-polars";
import type { DeletionVector } from "../../../lib/delta/actions/actions.ts";
import { readDeletedRows } from "../../../lib/delta/read/deletion_vector.ts";
import { CorruptFileError } from "../../../lib/delta/errors.ts";
import { MemoryStore } from "../../../lib/delta/mod.ts";
import { countRows, decodeRowSet } from "../../../lib/delta/read/roaring_bitmap.ts";
import { dropRows, keepRows, sliceMask } from "../../../lib/delta/read/row_mask.ts";
import { decodeZ85 } from "../../../lib/delta/read/z85.ts";
import { encodeRowSet, encodeZ85, inlineVector, vectorFile } from "./deletion_vector_bytes.ts";
import { fakeAdd, seededRandom } from "../test_context.ts";

const NONE = { permissions: "none" } as const;
const UUID = "d2c639aa-8816-431a-aaf6-d3fe2512ff61";

Deno.test({
  name: "the example of the protocol is read: rows 3, 4, 7, 11, 18 and 29",
  ...NONE,
  fn: () => {
    const text = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L";
    assertEquals(rowsOf(decodeRowSet(decodeZ85(text), 30)), [3, 4, 7, 11, 18, 29]);
  },
});

Deno.test({
  name: "sets of rows come back from each kind of container",
  ...NONE,
  fn: () => {
    const random = seededRandom(4);
    const dense = Array.from({ length: 20_000 }, (_, index) => index).filter(() => random() < 0.5);
    const sparse = [0, 7, 8, 65_535, 65_536, 131_072, 200_000, 262_144, 300_000];
    for (const kind of ["array", "runs"] as const) {
      for (const rows of [[], [0], sparse, dense.slice(0, 3000)]) {
        assertEquals(rowsOf(decodeRowSet(encodeRowSet(rows, kind), 300_001)), rows);
      }
    }
    assertEquals(rowsOf(decodeRowSet(encodeRowSet(dense, "bits"), 20_000)), dense);
  },
});

Deno.test({
  name: "bytes that are no set, or name rows that are not there, are refused before they take memory",
  ...NONE,
  fn: () => {
    const set = encodeRowSet([1, 5, 100_000]);
    assertThrows(() => decodeRowSet(set, 100_000), TypeError, "found row 100000, expected rows below 100000");
    assertThrows(() => decodeRowSet(encodeRowSet([2 ** 32]), 10), TypeError, "found row 4294967296");
    for (let length = 0; length < set.length; length++) {
      assertThrows(() => decodeRowSet(set.subarray(0, length), 200_000), TypeError, "deletion vector");
    }
    const other = set.slice();
    other[0] = 0;
    assertThrows(() => decodeRowSet(other, 200_000), TypeError, "magic number");
  },
});

Deno.test({
  name: "a vector is read from the log, from a file named by UUID and from one named by its path",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore();
    const rooted = Object.assign(new MemoryStore(), { root: "/data/my table" });
    const sets = [encodeRowSet([9]), encodeRowSet([0, 3])];
    const { bytes, offsets: [, offset = 0] } = vectorFile(sets);
    const name = `deletion_vector_${UUID}.bin`;
    await store.put(`ab/${name}`, bytes);
    await rooted.put(`x/${name}`, bytes);
    const uuid = encodeZ85(Uint8Array.fromHex(UUID.replaceAll("-", "")));
    const size = { offset, sizeInBytes: sets[1]?.length ?? 0, cardinality: 2 };
    const read = async (vector: DeletionVector, from = store) =>
      rowsOf(
        await readDeletedRows(fakeAdd("f", { deletionVector: vector }), 10, { store: from }) ??
          new Uint8Array(),
      );
    assertEquals(await read(inlineVector([0, 3])), [0, 3]);
    assertEquals(await read({ storageType: "u", pathOrInlineDv: `ab${uuid}`, ...size }), [0, 3]);
    const absolute = { storageType: "p", pathOrInlineDv: `file:///data/my%20table/x/${name}`, ...size };
    assertEquals(await read(absolute, rooted), [0, 3]);
    await assertRejects(() => read(absolute), CorruptFileError, "it is elsewhere");
    assertEquals(await readDeletedRows(fakeAdd("f"), 10, { store }), undefined);
  },
});

Deno.test({
  name: "a vector that is not what the log says is a corrupt file, named with the data file",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore();
    const set = encodeRowSet([9]);
    const { bytes } = vectorFile([set]);
    const uuid = encodeZ85(Uint8Array.fromHex(UUID.replaceAll("-", "")));
    const good = {
      storageType: "u",
      pathOrInlineDv: uuid,
      offset: 1,
      sizeInBytes: set.length,
      cardinality: 1,
    };
    const broken = bytes.slice();
    broken[20] = 1 ^ (broken[20] ?? 0);
    const cases: readonly (readonly [Partial<DeletionVector>, Uint8Array | undefined, string])[] = [
      [{}, undefined, "no such file"],
      [{}, broken, "checksum"],
      [{}, bytes.subarray(0, 12), "found 12 bytes"],
      [{}, Uint8Array.of(2, ...bytes.subarray(1)), "found format 2"],
      [{ sizeInBytes: 3 }, bytes, "found the length"],
      [{ cardinality: 2 }, bytes, "found 1 rows, expected 2"],
      [{ storageType: "z" }, bytes, 'storage type "z"'],
      [{ storageType: "i", pathOrInlineDv: "~~~~~" }, bytes, "Z85"],
      [{ storageType: "p", pathOrInlineDv: "/etc/passwd" }, bytes, "it is elsewhere"],
    ];
    for (const [change, file, message] of cases) {
      const name = `deletion_vector_${UUID}.bin`;
      if (file === undefined) await store.remove(name);
      else await store.put(name, file);
      const add = fakeAdd("data.parquet", { deletionVector: { ...good, ...change } });
      const error = await assertRejects(() => readDeletedRows(add, 10, { store }), CorruptFileError, message);
      assertEquals([(error as CorruptFileError).path, (error as Error).message.includes("data.parquet")], [
        "data.parquet",
        true,
      ]);
    }
  },
});

Deno.test("rows are dropped and kept by a mask, and a part of a mask is the mask of a part", () => {
  const random = seededRandom(11);
  for (let round = 0; round < 20; round++) {
    const height = 1 + Math.floor(random() * 70);
    const rows = Array.from({ length: height }, (_, row) => row);
    const named = rows.filter(() => random() < 0.4);
    const mask = decodeRowSet(encodeRowSet(named), height);
    const frame = pl.DataFrame({ row: rows });
    assertEquals(countRows(mask), named.length);
    assertEquals(keepRows(frame, mask).getColumn("row").toArray(), named);
    assertEquals(
      dropRows(frame, mask).getColumn("row").toArray(),
      rows.filter((row) => !named.includes(row)),
    );
    const start = Math.floor(random() * height);
    const part = rows.slice(start);
    assertEquals(
      keepRows(pl.DataFrame({ row: part }), sliceMask(mask, start, part.length)).getColumn("row").toArray(),
      named.filter((row) => row >= start),
    );
  }
});

function rowsOf(mask: Uint8Array): readonly number[] {
  return [...mask].flatMap((byte, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> bit) & 1).map((bit) => index * 8 + bit)
  );
}
