/** Small files that stand for gigabytes are refused by their footers; what is allowed is read part by part. */

import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import {
  CorruptLogError,
  MemoryStore,
  openTable,
  scanTable,
  TooLargeError,
  updateRows,
} from "../../../lib/delta/mod.ts";
import { checkpointPath } from "../../../lib/delta/actions/log_path.ts";
import { decodedSizes } from "../../../lib/delta/parquet/decoded_size.ts";
import { footerFacts } from "../../../lib/delta/parquet/footer_facts.ts";
import { fakeAdd, firstActions, someActions, testContext, writeLog } from "../test_context.ts";

const MIB = 2 ** 20;

/** Rows of zeros, which take next to nothing in a file. */
function zeros(rows: number): Uint8Array {
  const frame = pl.DataFrame([pl.Series("id", new Int32Array(rows)).cast(pl.Int64)]);
  return new Uint8Array(frame.writeParquet({ compression: "zstd" }));
}

async function tableWith(bytes: Uint8Array, maxDecodedBytes?: number) {
  const store = new MemoryStore();
  await store.put("f.parquet", bytes);
  const adds = [fakeAdd("f.parquet", { size: bytes.length })];
  await writeLog(store, [firstActions({ id: "long", day: "string" }), someActions({ adds })]);
  return await openTable(store, {
    ...testContext(),
    ...(maxDecodedBytes === undefined ? {} : { maxDecodedBytes }),
  });
}

Deno.test("the size of decoded rows is that of their values, however few bytes they take in the file", () => {
  const bytes = zeros(3_000_000);
  assertLess(bytes.length, 100_000);
  const sizes = decodedSizes(footerFacts(bytes), undefined, 2 ** 10);
  assertEquals(sizes.reduce((sum, { rows }) => sum + rows, 0), 3_000_000);
  assertEquals(sizes.reduce((sum, size) => sum + size.bytes, 0), 24_000_000);
  assertEquals(
    decodedSizes(footerFacts(bytes), new Set(["other"]), 2 ** 10).every((size) => size.bytes === 0),
    true,
  );
  const text = pl.DataFrame({ text: ["x".repeat(40 * MIB)] }).writeParquet({ compression: "zstd" });
  assertLess(text.length, MIB);
  assert((decodedSizes(footerFacts(new Uint8Array(text)), undefined, 2 ** 10)[0]?.bytes ?? 0) >= 40 * MIB);
});

Deno.test("rows that take more memory than allowed are refused by name before they are decoded, and read when it is raised", async () => {
  const bytes = zeros(3_000_000);
  const small = await tableWith(bytes, MIB);
  const add = fakeAdd("f.parquet", { size: bytes.length });
  for (
    const read of [
      () => scanTable(small).next(),
      () => scanTable(small, { columns: ["id"] }).next(),
      () => small.readFile(add),
      () => updateRows(small, { set: { id: 1n } }),
    ]
  ) {
    const error = await assertRejects(read, TooLargeError, "raise maxDecodedBytes");
    assertEquals([error.code, error.table, error.path], ["TOO_LARGE", "memory", "f.parquet"]);
  }
  const rows = await Array.fromAsync(scanTable(await tableWith(bytes, 32 * MIB)), ({ height }) => height);
  assertEquals(rows.reduce((sum, height) => sum + height, 0), 3_000_000);
});

Deno.test("a footer whose counts contradict each other is a broken file", () => {
  const bytes = zeros(1000);
  const footer = bytes.length - 8 - Buffer.from(bytes).readUInt32LE(bytes.length - 8);
  for (let at = footer; at < bytes.length - 8; at++) {
    const spoiled = bytes.slice();
    spoiled[at] = (spoiled[at] ?? 0) ^ 4;
    try {
      for (const { rows } of decodedSizes(footerFacts(spoiled), undefined, MIB)) assert(rows <= 2 ** 40);
    } catch (error) {
      assert(error instanceof TypeError, String(error));
    }
  }
});

Deno.test("a checkpoint of a few kilobytes that says millions of actions is refused", async () => {
  const bytes = zeros(5_000_000);
  assertLess(bytes.length, 1_000_000);
  const store = new MemoryStore();
  await store.put(checkpointPath(3), bytes);
  await assertRejects(() => openTable(store, testContext()), CorruptLogError, "5000000 actions");
});
