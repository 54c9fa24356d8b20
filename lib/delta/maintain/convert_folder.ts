/** Makes a Delta table of Parquet files that are there, without copying them. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Actions, Add } from "../actions/actions.ts";
import { serializeCommit } from "../actions/commit_codec.ts";
import { assertCreatable, firstActions, type NewTable } from "../table/create_table.ts";
import { dataFields } from "../actions/table_columns.ts";
import type { FileTarget } from "../write/new_data_file.ts";
import { encodePath } from "../actions/log_encoding.ts";
import { readDataFile } from "../read/file_reader.ts";
import { frameColumns } from "../schema/frame_schema.ts";
import { measureFrame } from "../stats/frame_stats.ts";
import { folderValues } from "../schema/partition_folder.ts";
import { commitPath } from "../actions/log_path.ts";
import { parquetTypes } from "../parquet/types.ts";
import { parsePartitionValue, serializePartitionValue } from "../schema/partition_value.ts";
import { type DataType, formatType, type PrimitiveType, type StructField } from "../schema/schema.ts";
import { serializeStats, statsColumns } from "../stats/stats.ts";
import type { Store, StoreEntry } from "../store/store.ts";
import { completeContext } from "../host_context.ts";
import { openPlace, type TablePlace } from "../store/open_place.ts";
import { type DeltaTable, type OpenOptions, openTable } from "../table/table.ts";

/** Options of {@linkcode convertFolder}. */
export interface ConvertOptions extends Pick<NewTable, "configuration" | "name" | "description"> {
  /** Types of the columns that are in the names of folders (`day=2025-02-17/`); by default string. */
  readonly partitionTypes?: Readonly<Record<string, PrimitiveType>>;
}

/** A file of the folder with what its path says. */
interface FoundFile {
  readonly entry: StoreEntry;
  readonly partitionValues: Readonly<Record<string, string | null>>;
}

/**
 * Makes a Delta table of a folder of Parquet files, with Hive partitions or without. The files stay as they are; each is
 * read once for its columns and once for statistics. One commit names them all, so a crash leaves no table.
 *
 * Columns that only some files have are null in the others; hidden files and folders (`_` or `.` first) are skipped.
 *
 * @throws {TypeError} when there is a table already or no file; when columns differ in type, or have none that Delta has;
 *   when folders name different partition columns, or values that are not of the type
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { convertFolder, MemoryStore } from "../mod.ts";
 *
 * const store = new MemoryStore();
 * await store.put("day=2025-02-17/a.parquet", pl.DataFrame({ track: [4, 1.5] }).writeParquet());
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => "table-1" };
 * const table = await convertFolder(store, { partitionTypes: { day: "date" } }, outside);
 * assertEquals(table.snapshot.schema.fields.map(({ name, type }) => [name, type]), [
 *   ["track", "double"],
 *   ["day", "date"],
 * ]);
 * ```
 */
export async function convertFolder(
  place: TablePlace,
  options: ConvertOptions = {},
  given: OpenOptions = {},
): Promise<DeltaTable> {
  checkArguments("convertFolder", { place, options, context: given }, CONVERT_ARGUMENTS);
  const [store, context] = [openPlace(place), completeContext(given)];
  const files = await findFiles(store);
  const partitionColumns = partitionColumnsOf(files, store.label);
  const data = await commonFields(store, files, partitionColumns);
  const expected = {
    ...options,
    schema: { type: "struct", fields: [...data, ...partitionFields(partitionColumns, options)] },
    partitionColumns,
  } as const;
  assertCreatable(expected, store.label);
  const first = firstActions(expected, store.label, context);
  const adds: Add[] = [];
  for (const file of files) {
    adds.push(
      await describeFile(file, { store, ...context, schema: expected.schema, metadata: first.metadata }),
    );
  }
  if (!await store.putIfAbsent(commitPath(0), serializeCommit(convertActions(first, adds)))) {
    throw cannotConvert(store.label, "a Delta table", "plain Parquet files");
  }
  return await openTable(store, context);
}

const CONVERT_ARGUMENTS = {
  place: KIND.place,
  options: optionsOf({
    partitionTypes: KIND.optional(KIND.object),
    configuration: KIND.optional(KIND.object),
    name: KIND.optional(KIND.text),
    description: KIND.optional(KIND.anyText),
  }),
  context: KIND.openOptions,
};

async function findFiles(store: Store): Promise<readonly FoundFile[]> {
  const entries = await store.list("");
  if (entries.some(({ path }) => path.startsWith("_delta_log/"))) {
    throw cannotConvert(store.label, "a Delta table", "plain Parquet files");
  }
  const files = entries.filter(({ path }) => path.endsWith(".parquet") && !isHidden(path));
  if (files.length === 0) throw cannotConvert(store.label, "no file that ends in .parquet", "some");
  return files.map((entry) => ({ entry, partitionValues: folderValues(entry.path) }));
}

function isHidden(path: string): boolean {
  return path.split("/").some((part) =>
    part.startsWith(".") || (part.startsWith("_") && !part.includes("="))
  );
}

function partitionColumnsOf(files: readonly FoundFile[], label: string): readonly string[] {
  const [first = "", other] = [
    ...new Set(files.map(({ partitionValues }) => Object.keys(partitionValues).join(", "))),
  ];
  if (other !== undefined) {
    throw cannotConvert(label, `folders of "${first}" and of "${other}"`, "the same partition columns");
  }
  return Object.keys(files[0]?.partitionValues ?? {});
}

function partitionFields(
  names: readonly string[],
  { partitionTypes = {} }: ConvertOptions,
): readonly StructField[] {
  return names.map((name) => ({
    name,
    type: partitionTypes[name] ?? "string",
    nullable: true,
    metadata: {},
  }));
}

/** The columns of all files, in the order of their first appearance; partition columns inside files are ignored. */
async function commonFields(
  store: Store,
  files: readonly FoundFile[],
  partitionColumns: readonly string[],
): Promise<readonly StructField[]> {
  const fields = new Map<string, StructField>();
  for (const { entry: { path } } of files) {
    for (const field of parquetTypes(await store.read(path))) {
      if (partitionColumns.includes(field.name)) continue;
      const known = fields.get(field.name);
      if (known !== undefined) assertSameType(path, field, known.type);
      else fields.set(field.name, field);
    }
  }
  return [...fields.values()];
}

function assertSameType(path: string, { name, type }: StructField, declared: DataType): void {
  const [found, expected] = [formatType(type), formatType(declared)];
  if (found !== expected) {
    throw new TypeError(
      `Cannot convert "${path}": column "${name}" is ${found}, expected ${expected} as in the files before`,
    );
  }
}

async function describeFile({ entry, partitionValues: raw }: FoundFile, target: FileTarget): Promise<Add> {
  const { path, sizeBytes, modifiedMs } = entry;
  const partitionValues = normalValues(raw, target, path);
  const file = { path: encodePath(path), partitionValues };
  const fields = dataFields(target);
  const frame = await readDataFile({ ...file, size: sizeBytes }, target, {
    columns: fields.map(({ name }) => name),
  });
  const categorical = frameColumns(frame).filter(({ isCategorical }) => isCategorical).map(({ name }) =>
    name
  );
  const columns = measureFrame(
    frame,
    statsColumns(fields, target.metadata.configuration),
    new Set(categorical),
  );
  return {
    ...file,
    size: sizeBytes,
    modificationTime: Math.floor(modifiedMs),
    dataChange: true,
    stats: serializeStats(frame.height, columns),
  };
}

function normalValues(
  raw: FoundFile["partitionValues"],
  { schema }: FileTarget,
  path: string,
): FoundFile["partitionValues"] {
  return Object.fromEntries(
    Object.entries(raw).map(([name, text]) => {
      const type = schema.fields.find((field) => field.name === name)?.type ?? "string";
      try {
        return [name, serializePartitionValue(parsePartitionValue(text, type), type)];
      } catch (cause) {
        throw new TypeError(
          `Cannot convert "${path}": found "${text}" for "${name}", expected ${formatType(type)}`,
          { cause },
        );
      }
    }),
  );
}

function convertActions(first: Actions, adds: readonly Add[]): Actions {
  const operationParameters = {
    numFiles: String(adds.length),
    partitionedBy: JSON.stringify(first.metadata?.partitionColumns ?? []),
  };
  return {
    ...first,
    commitInfo: {
      ...first.commitInfo,
      operation: "CONVERT",
      operationParameters,
      operationMetrics: { numConvertedFiles: String(adds.length) },
    },
    adds,
  };
}

function cannotConvert(label: string, found: string, expected: string): TypeError {
  return new TypeError(`Cannot convert the folder "${label}": found ${found}, expected ${expected}`);
}
