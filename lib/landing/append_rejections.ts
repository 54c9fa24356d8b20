/**
 * Stage 4b of 7. Receives the rejections of a batch from validate; hands them, with their bytes and the reason, to the
 * quarantine table.
 */
import { appendChange, type Columns, gatherColumns, longsOf, rowCount, type RowPiece } from "../delta/mod.ts";
import type { IngestOutcome, IngestView, TopicTable } from "../tables/topic_table.ts";
import type { Batch } from "../validate/collect_batches.ts";

/** What the append needs beside the batch. */
export interface QuarantineOptions {
  /** Tags for the data file: the quality stage's counts of these rejections. */
  readonly tagsOf: (rejections: Columns) => Readonly<Record<string, string>>;
}

/** Appends the rejections that the table does not have in one commit; without any there is no commit. */
export async function appendRejections(
  quarantine: TopicTable,
  { chunks, ranges }: Batch,
  { tagsOf }: QuarantineOptions,
): Promise<IngestOutcome> {
  return await quarantine.ingest(ranges, async ({ snapshot: { metadata }, isNew }) => {
    const fresh = gatherColumns(chunks.flatMap((chunk) => newRows(chunk.quarantine, isNew)));
    const rows = rowCount(fresh);
    if (rows === 0) return undefined;
    const add = await quarantine.delta.stageColumns(fresh, { tags: tagsOf(fresh) });
    return appendChange([add], rows, metadata);
  });
}

/** Rows that the table does not have, as few pieces as they lie in. */
function newRows(columns: Columns, isNew: IngestView["isNew"]): readonly RowPiece[] {
  const { kafkaPartition: partitions, kafkaOffset } = columns;
  if (partitions?.kind !== "int32" || kafkaOffset?.kind !== "int64") return [];
  const offsets = longsOf(kafkaOffset);
  const pieces: { columns: Columns; from: number; to: number }[] = [];
  for (let row = 0; row < offsets.length; row++) {
    if (!isNew({ partition: partitions.values[row] ?? 0, offset: offsets[row] ?? 0n })) continue;
    const last = pieces.at(-1);
    if (last?.to === row) last.to++;
    else pieces.push({ columns, from: row, to: row + 1 });
  }
  return pieces;
}
