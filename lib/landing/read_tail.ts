/** The last message that landing has of each partition: what tells one log from another with the same name. */
import { tableFromIPC } from "apache-arrow";
import pl from "nodejs-polars";
import type { Add, DeltaTable } from "../delta/mod.ts";

/** One message of the log. */
export interface TailMessage {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
}

const COLUMNS = ["kafkaTopic", "kafkaPartition", "kafkaOffset", "kafkaMessageTimestamp"];

/**
 * The newest landed message of each partition, from the newest files backwards; `next` tells where landing ends.
 * A partition whose last offset held no message (a transaction marker) may be absent.
 */
export async function readTail(
  landing: DeltaTable,
  topic: string,
  next: ReadonlyMap<number, number>,
): Promise<readonly TailMessage[]> {
  const tail: TailMessage[] = [];
  const open = new Map([...next].filter(([, offset]) => offset > 0));
  for (const add of [...landing.snapshot.files.values()].reverse()) {
    const expected = [...open].filter(([, offset]) => mayHold(add, offset - 1));
    if (expected.length === 0) continue;
    const frame = await landing.readFile(add, { columns: COLUMNS });
    for (const [partition, offset] of expected) {
      const timestampMs = timeOf(frame, { topic, partition, offset: offset - 1 });
      if (timestampMs === null) continue;
      tail.push({ partition, offset: offset - 1, timestampMs });
      open.delete(partition);
    }
    if (open.size === 0) break;
  }
  return tail;
}

function timeOf(
  frame: pl.DataFrame,
  { topic, partition, offset }: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
  },
): number | null {
  const isWanted = pl.col("kafkaTopic").eq(pl.lit(topic)).and(pl.col("kafkaPartition").eq(pl.lit(partition)))
    .and(pl.col("kafkaOffset").eq(pl.lit(offset)));
  const micros = frame.filter(isWanted).select(pl.col("kafkaMessageTimestamp").cast(pl.Int64));
  const value: unknown = tableFromIPC(micros.writeIPC()).getChildAt(0)?.get(0);
  return typeof value === "bigint" ? Number(value / 1000n) : null;
}

/** Whether the file's statistics leave room for the offset. */
function mayHold(add: Add, offset: number): boolean {
  const { minValues, maxValues } = JSON.parse(add.stats ?? "{}") as Record<string, { kafkaOffset?: number }>;
  return (minValues?.kafkaOffset ?? offset) <= offset && (maxValues?.kafkaOffset ?? offset) >= offset;
}
