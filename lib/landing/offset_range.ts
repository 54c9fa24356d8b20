/** Which files and rows of a table with Kafka columns belong to a range of offsets. */
import pl from "nodejs-polars";
import type { Add } from "../delta/mod.ts";
import type { OffsetRange } from "../tables/offset_progress.ts";

/** Whether the file's statistics leave room for offsets of the range. */
export function mayHold(add: Add, { from, to }: OffsetRange): boolean {
  if (add.stats === undefined) return true;
  const { minValues, maxValues } = JSON.parse(add.stats) as Record<
    string,
    { kafkaOffset?: number } | undefined
  >;
  return (minValues?.kafkaOffset ?? from) < to && (maxValues?.kafkaOffset ?? from) >= from;
}

/** Takes the rows of the range. */
export function wantedRows(topic: string, { partition, from, to }: OffsetRange): pl.Expr {
  const offset = pl.col("kafkaOffset");
  return pl.col("kafkaTopic").eq(pl.lit(topic)).and(pl.col("kafkaPartition").eq(pl.lit(partition)))
    .and(offset.gtEq(pl.lit(from))).and(offset.lt(pl.lit(to)));
}
