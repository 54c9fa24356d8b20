/**
 * How far a table has taken in the log: the Delta `txn` actions that make the pipeline exactly once. Each table that
 * takes messages in notes, in the very commit that adds them, the next offset per topic-partition.
 */
import type { DeltaTable, SetTransaction } from "../delta/mod.ts";

/** Offsets of one Kafka partition: `from <= offset < to`. */
export interface OffsetRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** The tables that take messages in, by the name in their `txn` appIds. */
export type IntakeTable = "landing" | "quarantine" | "standard" | "batches";

/** The next offset that the table wants of each partition of the topic; partitions it never saw are absent. */
export function takenIn(table: DeltaTable, name: IntakeTable, topic: string): ReadonlyMap<number, number> {
  const prefix = `${name}/${topic}/`;
  const taken = new Map<number, number>();
  for (const [appId, { version }] of table.snapshot.txns) {
    if (appId.startsWith(prefix)) taken.set(Number(appId.slice(prefix.length)), Number(version));
  }
  return taken;
}

/** The `txn` actions of a commit that takes the ranges in. */
export function transactionsOf(
  name: IntakeTable,
  topic: string,
  ranges: readonly OffsetRange[],
): readonly SetTransaction[] {
  return ranges.map(({ partition, to }) => ({ appId: `${name}/${topic}/${partition}`, version: BigInt(to) }));
}

/**
 * Whether the ranges begin where the table stands. A table object also moves on past the commits of others that came
 * before its own: what was planned from an older state may be in by now, and no conflict would tell.
 */
export function isNext(
  table: DeltaTable,
  name: IntakeTable,
  { topic, ranges }: { readonly topic: string; readonly ranges: readonly OffsetRange[] },
): boolean {
  const taken = takenIn(table, name, topic);
  return ranges.every(({ partition, from }) => (taken.get(partition) ?? from) === from);
}
