/** Rows of the Parquet files that belong to a log: checkpoints and what they point to. */
import { type FileMetaData, parquetMetadata, parquetReadObjects, type SchemaElement } from "hyparquet";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";

// hyparquet brings Snappy only.
const DECOMPRESSORS = {
  GZIP: (bytes: Uint8Array): Uint8Array => gunzipSync(bytes),
  ZSTD: (bytes: Uint8Array): Uint8Array => zstdDecompressSync(bytes),
  BROTLI: (bytes: Uint8Array): Uint8Array => brotliDecompressSync(bytes),
};

/**
 * Reads all rows of a Parquet file, 64-bit integers as bigints.
 *
 * @throws {Error} when the bytes are no whole Parquet file
 */
export async function readParquetRows(
  bytes: Uint8Array,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const file = toArrayBuffer(bytes);
  const metadata = parquetMetadata(file);
  assertColumnsAreLeaves(metadata);
  return await parquetReadObjects({ file, metadata, compressors: DECOMPRESSORS });
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  return isWhole ? bytes.buffer as ArrayBuffer : new Uint8Array(bytes).buffer;
}

// Of a column that has no place in the schema hyparquet starts a read that nobody waits for: when it fails, it ends
// the process.
function assertColumnsAreLeaves({ schema, row_groups }: FileMetaData): void {
  const wanted = leafPaths(schema);
  if (new Set(wanted).size < wanted.length) {
    throw new TypeError(
      `Cannot read the Parquet file: found columns of one name, expected names that differ`,
    );
  }
  for (const { columns } of row_groups) {
    const found = columns.map(({ meta_data }) => JSON.stringify(meta_data?.path_in_schema));
    const fault = found.findIndex((path, index) => path !== wanted[index]);
    if (fault >= 0 || found.length !== wanted.length) {
      throw new TypeError(`Cannot read the Parquet file: found columns ${found}, expected ${wanted}`);
    }
  }
}

function leafPaths(schema: readonly SchemaElement[]): readonly string[] {
  const paths: string[] = [];
  // Each open group: its path, and how many of its children are still to come.
  const open: { readonly path: readonly string[]; left: number }[] = [];
  for (const [index, { name, num_children = 0 }] of schema.entries()) {
    while (open.at(-1)?.left === 0) open.pop();
    const parent = open.at(-1);
    if (parent !== undefined) parent.left--;
    const path = index === 0 ? [] : [...(parent?.path ?? []), name];
    if (num_children > 0) open.push({ path, left: num_children });
    else paths.push(JSON.stringify(path));
  }
  return paths;
}
