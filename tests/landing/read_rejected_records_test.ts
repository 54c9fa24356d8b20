/** Rejected messages as chunks of the log, for a replay. */
import { assertEquals } from "@std/assert";
import { openTable } from "../../lib/delta/mod.ts";
import { readRejectedRecords } from "../../lib/landing/read_rejected_records.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import { testContext } from "../delta/test_context.ts";
import { quarantineStore, rejection } from "../quarantine/quarantine_rig.ts";
import { TOPIC } from "./landing_rig.ts";

const MIB = "x".repeat(1 << 20);

async function chunksOf(values: readonly (string | null)[], end = values.length) {
  const rejections = values.map((value, offset) =>
    rejection({
      // The file has the messages in an order that is not theirs.
      offset: BigInt(values.length - 1 - offset),
      rawValue: value === null ? null : new TextEncoder().encode(value),
    })
  );
  const table = await openTable(await quarantineStore([rejections]), testContext());
  const quarantine = new TopicTable(table, { name: "quarantine", topic: TOPIC, isSparse: true });
  const [add] = table.snapshot.files.values();
  if (add === undefined) throw new Error("no file was written");
  return await readRejectedRecords(quarantine, add, { ends: new Map([[0, BigInt(end)]]) });
}

Deno.test("chunks of rejected messages follow the log, are full at 4096 messages or 4 MiB, and end behind their last", async () => {
  const cases: readonly (readonly [count: number, value: string | null, sizes: readonly number[]])[] = [
    [4097, null, [4096, 1]],
    [4096, "a", [4096]],
    [5, MIB, [4, 1]],
  ];
  for (const [count, value, sizes] of cases) {
    const chunks = await chunksOf(Array.from({ length: count }, () => value));
    assertEquals(chunks.map(({ records }) => records.length), sizes);
    assertEquals(
      chunks.flatMap(({ records }) => records.map(({ offset }) => Number(offset))),
      Array.from({ length: count }, (_, offset) => offset),
    );
    for (const { records, nextOffset, sizeBytes } of chunks) {
      assertEquals(nextOffset, (records.at(-1)?.offset ?? -2n) + 1n);
      assertEquals(sizeBytes, records.length * (value?.length ?? 0));
    }
  }
});

Deno.test("messages that standard has not come to are left, and of partitions that it does not know all", async () => {
  assertEquals((await chunksOf(["a", "b", "c"], 2)).flatMap(({ records }) => records).length, 2);
  assertEquals(await chunksOf(["a"], 0), []);
});
