/** Reads many data files into one frame: small ones of one kind are decoded as one file. */
import { pl } from "../../packages/polars.ts";
import { joinParquet } from "../parquet/join_files.ts";
import type { Frame } from "../schema/polars_type.ts";
import { readDataFile, readOpenFile } from "./file_reader.ts";
import { hasNanos } from "./nano_times.ts";
import { type FileSource, type OpenFile, openFile, type ReadableFile } from "./open_file.ts";
import { wantedFields } from "./wanted_fields.ts";

/** Files that are read side by side: most of the time is spent waiting for the disk. */
const AT_ONCE = 32;
/** Of a larger file decoding takes longer than beginning. */
const SMALL_BYTES = 65_536;

/**
 * The rows of files of one partition, in the order of the files.
 *
 * @throws what `readDataFile` throws for the first file that cannot be read
 */
export async function readTogether(files: readonly ReadableFile[], source: FileSource): Promise<Frame> {
  const frames: Frame[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const part = files.slice(start, start + AT_ONCE);
    const joined = part.every(isSmall) ? await readJoined(part, source) : undefined;
    const read = joined ?? joinFrames(await Promise.all(part.map((file) => readDataFile(file, source))));
    frames.push(read);
  }
  return joinFrames(frames);
}

function isSmall({ size = Infinity, deletionVector }: ReadableFile): boolean {
  return size <= SMALL_BYTES && deletionVector === undefined;
}

/** Undefined when anything is unusual: the other way says what, and with which file. */
async function readJoined(files: readonly ReadableFile[], source: FileSource): Promise<Frame | undefined> {
  try {
    const opened = await Promise.all(files.map((file) => openFile(file, source)));
    const [first] = opened;
    if (first === undefined || !opened.every((file) => isSameKind(file, first))) return undefined;
    const bytes = joinParquet(opened.map((file) => file.bytes));
    if (bytes === undefined) return undefined;
    return await readOpenFile({ ...first, bytes }, { fields: wantedFields(source, undefined) });
  } catch {
    return undefined;
  }
}

// Files of one schema have the very same types. Times in nanoseconds are read by what is known of each file.
function isSameKind({ types, file }: OpenFile, first: OpenFile): boolean {
  return types === first.types && ![...types.values()].some(hasNanos) &&
    JSON.stringify(file.partitionValues) === JSON.stringify(first.file.partitionValues);
}

// polars joins a thousand frames three times as fast by way of groups.
function joinFrames(frames: readonly Frame[]): Frame {
  const [first] = frames;
  return first !== undefined && frames.length === 1
    ? first
    : pl.concat([...frames], { how: "vertical", rechunk: false });
}
