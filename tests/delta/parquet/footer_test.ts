import { assert, assertEquals, assertThrows } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import { parquetMetadata } from "hyparquet";
import pl from "nodejs-polars";
import { withoutArrowSchema } from "../../../lib/delta/parquet/footer.ts";
import { removeArrowSchema } from "../../../lib/delta/parquet/footer_file.ts";

Deno.test("only the Arrow schema leaves the footer, whatever the columns", () => {
  // More than 14 columns or row groups change how Thrift writes the length of a list.
  for (const width of [1, 2, 13, 14, 15, 16, 40, 200]) {
    const names = Array.from({ length: width }, (_, index) => `column ${index}`);
    const frame = pl.DataFrame(
      Object.fromEntries(names.map((name, index) => [name, [index, index + 0.5, null]])),
    );
    const text = pl.lit("ä text").cast(pl.Categorical).alias("text");
    const bytes = frame.withColumns(text, pl.lit(true).alias("flag")).writeParquet({ compression: "zstd" });
    const before = parquetMetadata(bufferOf(bytes));
    assertEquals(before.key_value_metadata?.map(({ key }) => key), ["ARROW:schema"]);
    const { key_value_metadata, metadata_length, ...after } = parquetMetadata(
      bufferOf(withoutArrowSchema(bytes)),
    );
    assertEquals(key_value_metadata, undefined);
    assert(metadata_length < before.metadata_length);
    assertEquals(after, without(before));
  }
});

Deno.test("a file on the disk loses the same bytes, however long its footer and its pages are", () => {
  const folder = Deno.makeTempDirSync();
  try {
    for (const [columns, rows] of [[1, 1], [3, 100_000], [700, 2]] as const) {
      const values = Array.from({ length: rows }, (_, index) => (index * 7919) % 100_003);
      const frame = pl.DataFrame(
        Object.fromEntries(Array.from({ length: columns }, (_, index) => [`column ${index}`, values])),
      );
      const path = `${folder}/${columns}.parquet`;
      frame.writeParquet(path, { compression: "zstd" });
      const expected = withoutArrowSchema(Deno.readFileSync(path));
      removeArrowSchema(path);
      assertEquals(Deno.readFileSync(path), expected.slice());
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a file without such metadata stays as it is", () => {
  const file = new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: "id", data: [1, 2], type: "INT32" }] }),
  );
  assertEquals(withoutArrowSchema(file.slice()), file);
});

Deno.test("a footer that ends early is an error", () => {
  const file = new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: "id", data: [1, 2], type: "INT32" }] }),
  );
  const cut = file.slice(0, 12);
  new DataView(cut.buffer).setUint32(4, 2, true);
  cut.set([0x1c, 0x8c], 2);
  assertThrows(() => withoutArrowSchema(cut), TypeError, "Parquet footer");
});

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function without(
  { key_value_metadata: _, metadata_length: __, ...rest }: ReturnType<typeof parquetMetadata>,
) {
  return rest;
}
