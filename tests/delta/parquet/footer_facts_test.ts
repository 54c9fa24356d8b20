/** What is read of footers is what hyparquet reads of them, whoever wrote the file. */
import { assertEquals, assertThrows } from "@std/assert";
import { parquetMetadata, parquetSchema, type SchemaTree } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import pl from "nodejs-polars";
import { createTable, MemoryStore, tableSchema } from "../../../lib/delta/mod.ts";
import { annotationOf } from "../../../lib/delta/parquet/column_form.ts";
import { columnOf, columnPath, footerFacts } from "../../../lib/delta/parquet/footer_facts.ts";
import { type SchemaNode, schemaTree } from "../../../lib/delta/parquet/schema_tree.ts";
import { testContext } from "../test_context.ts";

const POLARS = { permissions: { read: true, env: true, sys: true, ffi: true } } as const;

async function someFiles(): Promise<readonly Uint8Array[]> {
  const ids = Array.from({ length: 40 }, (_, row) => row);
  const frame = pl.DataFrame({
    id: ids,
    "a.b": ids.map((id) => id % 3 === 0 ? null : `name ${id}`),
    list: ids.map((id) => ids.slice(0, id % 4)),
    struct: ids.map((id) => ({ x: id, inner: { y: `ä${id}` } })),
    flag: ids.map((id) => id % 2 === 0),
    when: ids.map((id) => new Date(id * 1e9)),
  });
  const polars = (["uncompressed", "snappy", "gzip", "zstd", "lz4", "brotli"] as const).flatMap((
    compression,
  ) =>
    [{ compression }, { compression, rowGroupSize: 7 }].map((options) =>
      new Uint8Array(frame.writeParquet(options))
    )
  );
  const columnData = [
    { name: "time", data: [1n, null], type: "TIMESTAMP" as const },
    ...Array.from({ length: 20 }, (_, at) => ({ name: `n${at}`, data: [at, 2], type: "INT32" as const })),
    { name: "uuid", data: ["0".repeat(36), null], type: "STRING" as const },
    { name: "json", data: [{ a: 1 }, null], type: "JSON" as const },
  ];
  const hyparquet = [undefined, 1].map((rowGroupSize) =>
    new Uint8Array(
      parquetWriteBuffer({ columnData, ...(rowGroupSize === undefined ? {} : { rowGroupSize }) }),
    )
  );
  const schema = tableSchema({ a: "long", t: "timestamp", day: "date", w: "string" });
  const own = await createTable(new MemoryStore(), { schema }, testContext());
  const add = await own.stageColumns({
    a: { kind: "int64", length: 3, present: Uint8Array.of(1, 0, 1), halves: new Int32Array(6) },
  });
  return [...polars, ...hyparquet, await own.store.read(add.path)];
}

Deno.test({
  ...POLARS,
  name: "columns, row groups and the schema are those that hyparquet reads, in files of all writers",
  async fn() {
    for (const file of await someFiles()) {
      const facts = footerFacts(file);
      const metadata = parquetMetadata(new Uint8Array(file).buffer);
      assertEquals(facts.rows, Number(metadata.num_rows));
      const found = facts.groups.map(({ rows, pageBytes, columns }) => {
        return {
          rows,
          pageBytes,
          columns: columns.map((column) => [...rest(column), columnPath(facts, column)]),
        };
      });
      assertEquals(found, metadata.row_groups.map(groupOf));
      const tree = schemaTree(facts.schema);
      assertEquals(shapeOf(tree), shapeOf(parquetSchema(metadata)));
      for (const group of facts.groups) {
        for (const leaf of leavesOf(tree)) {
          assertEquals(columnPath(facts, columnOf({ ...facts, group }, leaf)), leaf.path);
        }
      }
    }
  },
});

Deno.test({
  ...POLARS,
  name: "a field that a footer has twice is refused: readers differ in which of them they take",
  fn() {
    const file = new Uint8Array(pl.DataFrame({ id: [1] }).writeParquet());
    const length = new DataView(file.buffer).getUint32(file.length - 8, true),
      start = file.length - 8 - length;
    // Its first field, the version, with the id written out: once more before the second one.
    const again = [0x05, 0x02, 0x02], head = file.slice(0, start + 2);
    const twice = Uint8Array.from([...head, ...again, ...file.slice(start + 2)]);
    new DataView(twice.buffer).setUint32(twice.length - 8, length + again.length, true);
    assertThrows(
      () => footerFacts(twice),
      TypeError,
      "found field 1 of FileMetaData twice, expected it once",
    );
  },
});

type Facts = ReturnType<typeof footerFacts>["groups"][number]["columns"][number];
type Group = ReturnType<typeof parquetMetadata>["row_groups"][number];

function rest(
  { type, codec, values, pageBytes, start, storedBytes, isElsewhere }: Facts,
): readonly unknown[] {
  return [type, codec, values, pageBytes, start, storedBytes, isElsewhere];
}

function groupOf({ num_rows, total_byte_size, columns }: Group) {
  return {
    rows: Number(num_rows),
    pageBytes: Number(total_byte_size),
    columns: columns.map(({ meta_data: column, file_path }) => [
      ...[column?.type, column?.codec, Number(column?.num_values), Number(column?.total_uncompressed_size)],
      ...[Number(column?.dictionary_page_offset || column?.data_page_offset)],
      ...[Number(column?.total_compressed_size), file_path !== undefined, column?.path_in_schema],
    ]),
  };
}

/** As far as anything depends on it. */
function shapeOf(node: SchemaNode | SchemaTree): unknown {
  const { element: { name, type, repetition_type: repetition }, path } = node;
  return { name, type, repetition, path, form: annotationOf(node), children: node.children.map(shapeOf) };
}

function leavesOf(node: SchemaNode): readonly SchemaNode[] {
  return node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);
}
