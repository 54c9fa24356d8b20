import { assertEquals, assertRejects } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import {
  type Add,
  type ByteRange,
  CorruptFileError,
  createTable,
  type DeltaTable,
  LocalStore,
  MemoryStore,
  openTable,
  type Store,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { fakeAdd, testContext } from "../test_context.ts";

const FOREIGN = new URL("../../../../shared/data/delta-tables/spark/", import.meta.url).pathname;
const isThere = folderExists(FOREIGN);
if (!isThere) console.log(`rows of foreign files are not counted: there is no ${FOREIGN}`);

/** One read of the store: a range, or "all". */
type Read = ByteRange | "all";

Deno.test("rows that the statistics count are not read", async () => {
  const { table, add, reads } = await tableWith(10, { stats: '{"numRecords":10}' });
  assertEquals([await table.countRows(add), reads], [10, []]);
});

Deno.test("rows that no statistics count are read from the end of the file, once", async (t) => {
  for (const stats of [undefined, "{", "{}", '{"minValues":{"id":1}}']) {
    await t.step(`statistics ${stats}`, async () => {
      const { table, add, reads } = await tableWith(100_000, { stats });
      assertEquals([await table.countRows(add), await table.countRows(add)], [100_000, 100_000]);
      assertEquals(reads, [{ offset: add.size - 65_536, length: 65_536 }]);
    });
  }
});

Deno.test("a small file is read whole, by one range", async () => {
  const { table, add, reads } = await tableWith(3, {});
  assertEquals(await table.countRows(add), 3);
  assertEquals(reads, [{ offset: 0, length: 65_536 }]);
});

Deno.test("rows of all row groups are counted, though the footer is longer than the first read", async () => {
  const { table, add, reads } = await tableWith(50_000, { rowGroupSize: 50 });
  assertEquals(await table.countRows(add), 50_000);
  assertEquals(reads.length, 2);
  assertEquals(reads.every((range) => range !== "all" && range.length < add.size), true);
});

Deno.test("rows that a deletion vector takes out are not counted", async () => {
  const deletionVector = { storageType: "i", pathOrInlineDv: "x", sizeInBytes: 1, cardinality: 4 };
  const { table, add } = await tableWith(10, {});
  assertEquals(await table.countRows({ ...add, deletionVector }), 6);
  const impossible = { ...add, deletionVector: { ...deletionVector, cardinality: 11 } };
  await assertRejects(() => table.countRows(impossible), CorruptFileError, "found 10 rows");
});

Deno.test("a size that the log has wrong costs a second read, not the rows", async () => {
  const { table, add, reads } = await tableWith(100_000, {});
  for (const size of [0, 1, add.size - 1, add.size + 100, 10 * add.size]) {
    assertEquals(await table.countRows({ ...add, size }), 100_000, `size ${size}`);
  }
  assertEquals(reads.length, 9);
});

Deno.test("a file that is gone or no Parquet file is an error with its path", async () => {
  const { table, store } = await tableWith(1, {});
  await assertRejects(() => table.countRows(fakeAdd("gone")), CorruptFileError, '"gone": it is gone');
  for (const text of ["", "PAR1", "no Parquet file at all", "\xff\xff\xff\x7fPAR1", "\x05\0\0\0PAR1"]) {
    await store.put("bad", Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
    const bad = fakeAdd("bad", { size: text.length });
    await assertRejects(() => table.countRows(bad), CorruptFileError, '"bad"');
  }
});

Deno.test({
  name: "footers of files that Spark wrote count what its statistics do",
  ignore: !isThere,
  fn: async () => {
    for (const zone of ["landing_zone", "standard_zone", "quality_zone"]) {
      const table = await openTable(new LocalStore(`${FOREIGN}${zone}/trains_travel`), testContext());
      for (const { stats = "", ...add } of table.snapshot.files.values()) {
        assertEquals(await table.countRows(add), JSON.parse(stats).numRecords);
      }
    }
  },
});

/** A table with one file of so many rows, with these statistics, and what is read of it from then on. */
async function tableWith(
  rows: number,
  { stats, rowGroupSize = rows }: { readonly stats?: string | undefined; readonly rowGroupSize?: number },
): Promise<{ readonly table: DeltaTable; readonly add: Add; readonly store: Store; readonly reads: Read[] }> {
  const reads: Read[] = [];
  const inner = new MemoryStore();
  const store: Store = {
    label: "watched",
    guarantees: inner.guarantees,
    read: (path, range) => {
      if (!path.startsWith("_delta_log/")) reads.push(range ?? "all");
      return inner.read(path, range);
    },
    list: (prefix, options) => inner.list(prefix, options),
    put: (path, bytes) => inner.put(path, bytes),
    putIfAbsent: (path, bytes) => inner.putIfAbsent(path, bytes),
    remove: (path) => inner.remove(path),
  };
  const table = await createTable(store, { schema: tableSchema({ id: "long" }) }, testContext());
  const data = BigInt64Array.from({ length: rows }, (_, row) => BigInt(row) * 0x9e3779b97f4an);
  const columnData = [{ name: "id", data, type: "INT64" as const }];
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize, codec: "UNCOMPRESSED" }));
  await store.put("file.parquet", bytes);
  const more = { size: bytes.length, ...(stats === undefined ? {} : { stats }) };
  return { table, add: fakeAdd("file.parquet", more), store, reads };
}

function folderExists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
