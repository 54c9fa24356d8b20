/** A data file that is read in columns, some of them first. */
import { pl } from "../../packages/polars.ts";
import type { Frame } from "../schema/polars_type.ts";
import { readOpenFile } from "./file_reader.ts";
import { type FileSource, openFile, type ReadableFile } from "./open_file.ts";
import { wantedFields } from "./wanted_fields.ts";

/** A file whose bytes are held. */
export interface DataFile {
  /** What `readDataFile` gives. */
  readonly read: (columns?: readonly string[]) => Promise<Frame>;
  /** All columns, of which some were read before. */
  readonly complete: (part: Frame) => Promise<Frame>;
}

/**
 * Reads the bytes of a file once, for reading some of its columns and then others.
 *
 * @throws {CorruptFileError} when the file is no Parquet file
 */
export async function openDataFile(file: ReadableFile, source: FileSource): Promise<DataFile> {
  const open = await openFile(file, source);
  const fields = (columns: readonly string[] | undefined) => wantedFields(source, columns);
  return {
    read: async (columns) => await readOpenFile(open, { fields: fields(columns) }),
    complete: async (part) => {
      const names = fields(undefined).map(({ name }) => name);
      const missing = names.filter((name) => !part.columns.includes(name));
      if (missing.length === 0) return part.select(...names);
      const rest = await readOpenFile(open, { fields: fields(missing), before: fields(part.columns) });
      return pl.concat([part, rest], { how: "horizontal" }).select(...names);
    },
  };
}
