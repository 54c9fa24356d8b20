/** Names, places and describes a new data file. */
import type { Add } from "../actions/actions.ts";
import type { TableColumns } from "../actions/table_columns.ts";
import { encodePath } from "../actions/log_encoding.ts";
import { partitionFolder } from "../schema/partition_folder.ts";
import { type PartitionValue, serializePartitionValue } from "../schema/partition_value.ts";
import type { TableContext } from "../schema/table_context.ts";
import { type ColumnStats, serializeStats } from "../stats/stats.ts";
import type { Store } from "../store/store.ts";

/** Where a data file belongs. */
export interface FileTarget extends TableColumns, TableContext {
  readonly store: Store;
}

/** What is recorded of a file of new rows besides its rows. */
export interface StageOptions {
  /** One value per partition column. */
  readonly partitionValues?: Readonly<Record<string, PartitionValue>>;
  /** For the writer, to be read again later; readers ignore them. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A data file that is to be written, with what is known of it. */
export interface EncodedFile {
  /** Its bytes, or what writes them to a path of the disk; the latter only for a store with `putWritten`. */
  readonly content: Uint8Array | ((place: string) => void | Promise<void>);
  readonly numRecords: number;
  /** Called when the content is written: whoever writes it may count as it goes. */
  readonly columns: () => readonly ColumnStats[];
  /** Of the Parquet pages; part of the file name. */
  readonly codec: "zstd" | "snappy";
}

/** The partition values of a file as the log holds them, checked against the table. */
export function partitionTexts(
  { schema, metadata: { partitionColumns } }: TableColumns,
  values: Readonly<Record<string, PartitionValue>>,
): Readonly<Record<string, string | null>> {
  const unknown = Object.keys(values).find((name) => !partitionColumns.includes(name));
  if (unknown !== undefined) throw wrongPartition(unknown, "given", "a partition column");
  const texts = partitionColumns.map((name) => {
    const value = values[name];
    const field = schema.fields.find((candidate) => candidate.name === name);
    if (value === undefined || field === undefined) throw wrongPartition(name, "missing", "a value for it");
    const text = serializePartitionValue(value, field.type);
    if (text === null && !field.nullable) {
      const found = value === null ? "null" : "an empty value, which the log holds as null";
      throw wrongPartition(name, found, "a value");
    }
    return [name, text] as const;
  });
  return Object.fromEntries(texts);
}

/** Writes the file under a new name and describes them as the log does. */
export async function putDataFile(
  { content, numRecords, columns, codec }: EncodedFile,
  { store, metadata, clock, ids }: FileTarget,
  partitionValues: Readonly<Record<string, string | null>>,
  tags?: Readonly<Record<string, string>>,
): Promise<Add> {
  const realPath = `${
    partitionFolder(metadata.partitionColumns, partitionValues)
  }part-${ids()}.${codec}.parquet`;
  const size = await putContent(store, realPath, content);
  return {
    path: encodePath(realPath),
    partitionValues,
    size,
    modificationTime: clock(),
    dataChange: true,
    stats: serializeStats(numRecords, columns()),
    ...(tags === undefined ? {} : { tags }),
  };
}

async function putContent(store: Store, path: string, content: EncodedFile["content"]): Promise<number> {
  if (content instanceof Uint8Array) {
    await store.put(path, content);
    return content.length;
  }
  if (store.putWritten !== undefined) return await store.putWritten(path, content);
  throw new TypeError(`Cannot write "${path}": found a store without places on the disk, expected one with`);
}

/** The error of a value that is not that of the partition. */
export function wrongPartition(name: string, found: string, expected: string | null): TypeError {
  return new TypeError(
    `Cannot write to the partition of "${name}": it is ${found}, expected ${expected ?? "null"}`,
  );
}
