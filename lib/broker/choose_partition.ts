/** Where a message goes; one rule for both brokers, so that switching keeps each key in its partition number. */

import { murmur2 } from "./murmur2.ts";

const encoder = new TextEncoder();

/** What {@linkcode choosePartition} needs beside the key. */
interface PartitionChoice {
  /** How many partitions the topic has. */
  readonly partitions: number;
  /** How many messages without a key the topic got before; they take turns. */
  readonly unkeyedBefore: number;
}

/**
 * The partition of a message: murmur2 of the key as Kafka's Java client places it, turns for a null key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { choosePartition } from "./choose_partition.ts";
 *
 * assertEquals(choosePartition("2025-02-17/1", { partitions: 3, unkeyedBefore: 0 }), 2);
 * assertEquals(choosePartition(null, { partitions: 3, unkeyedBefore: 4 }), 1);
 * ```
 */
export function choosePartition(key: string | null, choice: PartitionChoice): number {
  if (key === null) return choice.unkeyedBefore % choice.partitions;
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % choice.partitions;
}
