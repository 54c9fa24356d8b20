/** Writes one frame as many data files: one or more per partition, of the size that the table sets. */
import type { Add } from "../actions/actions.ts";
import type { FileTarget } from "./new_data_file.ts";
import { partitionFields } from "../actions/table_columns.ts";
import { decodePath } from "../actions/log_encoding.ts";
import { fitFrame } from "./frame_to_schema.ts";
import { type PartitionFrame, splitByPartition } from "./partition_frame.ts";
import { stageFrame, type WriteChoice } from "./stage_frame.ts";
import { tableProperties } from "../actions/table_properties.ts";
import type { Frame } from "../schema/polars_type.ts";

/** A frame of more rows is measured before it is cut. */
const MEASURE_ABOVE_ROWS = 131_072;
const SAMPLE_ROWS = 16_384;
/** A file may be larger than the target by this much before it is cut. */
const TOLERANCE = 1.25;

/**
 * Writes a frame as data files: one or more for each partition, each of about the target size of the table.
 * The frame may lack columns that may be null. Nothing sees the files until a commit names them; when one cannot be
 * written, the others are removed again.
 *
 * @throws {TypeError} naming each column that does not fit the table, with both types
 */
export async function stageFrames(
  frame: Frame,
  target: FileTarget,
  how: WriteChoice = {},
): Promise<readonly Add[]> {
  const whole = fitFrame(frame, target.schema);
  const columns = partitionFields(target);
  const adds: Add[] = [];
  try {
    for (const part of splitByPartition(whole, columns)) await stagePart(part, { target, how, adds });
  } catch (error) {
    await removeStaged(adds, target);
    throw error;
  }
  return adds;
}

/** Removes staged files that no commit will name; what cannot be removed is left to vacuum. */
export async function removeStaged(
  adds: readonly Add[],
  { store }: Pick<FileTarget, "store">,
): Promise<void> {
  await Promise.allSettled(adds.map(({ path }) => store.remove(decodePath(path))));
}

interface Staging {
  readonly target: FileTarget;
  readonly how: WriteChoice;
  readonly adds: Add[];
}

async function stagePart({ values, frame }: PartitionFrame, staging: Staging): Promise<void> {
  const { target, how, adds } = staging;
  const { targetFileSizeBytes } = tableProperties(target.metadata);
  const rowsPerFile = Math.floor(targetFileSizeBytes / bytesPerRow(frame));
  for (const rows of slicesOf(frame, rowsPerFile)) {
    const add = await stageFrame(rows, target, { partitionValues: values, ...how });
    const files = Math.ceil(add.size / targetFileSizeBytes);
    const isTooLarge = add.size > TOLERANCE * targetFileSizeBytes && rows.height > 1;
    if (!isTooLarge) adds.push(add);
    else await stageSmaller({ add, rows, rowsPerFile: Math.ceil(rows.height / files), values }, staging);
  }
}

interface LargeFile {
  readonly add: Add;
  readonly rows: Frame;
  readonly rowsPerFile: number;
  readonly values: PartitionFrame["values"];
}

// Every part has as many rows: where rows differ in size, files do too.
async function stageSmaller(
  { add, rows, rowsPerFile, values }: LargeFile,
  { target, how, adds }: Staging,
): Promise<void> {
  await removeStaged([add], target);
  for (const part of slicesOf(rows, rowsPerFile)) {
    adds.push(await stageFrame(part, target, { partitionValues: values, ...how }));
  }
}

function bytesPerRow(frame: Frame): number {
  if (frame.height <= MEASURE_ABOVE_ROWS) return 0;
  const start = Math.floor((frame.height - SAMPLE_ROWS) / 2);
  return frame.slice(start, SAMPLE_ROWS).writeParquet({ compression: "zstd" }).length / SAMPLE_ROWS;
}

function slicesOf(frame: Frame, rowsPerSlice: number): readonly Frame[] {
  if (frame.height <= rowsPerSlice) return frame.height === 0 ? [] : [frame];
  const size = Math.max(1, rowsPerSlice);
  const count = Math.ceil(frame.height / size);
  return Array.from({ length: count }, (_, index) => frame.slice(index * size, size));
}
