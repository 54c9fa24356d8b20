import { assertEquals } from "@std/assert";
import { createTable, MemoryStore, tableSchema } from "../../lib/delta/mod.ts";
import { type LogMark, markAction, otherTopics, readMarks } from "../../lib/tables/log_marks.ts";
import { testContext } from "../delta/test_context.ts";

const KINDS = ["next", "start", "expired", "gaps"] as const;
const LOG = { name: "landing", topic: "trains" };
const OTHERS = [
  { name: "landing", topic: "trains2" },
  { name: "landing", topic: "a" },
  { name: "landings", topic: "trains" },
  { name: "standard", topic: "b" },
];

Deno.test("a mark is found again under its kind, partition, topic and table, and under no other", async () => {
  const logs = [LOG, ...OTHERS];
  const marks = logs.flatMap((log, i) =>
    KINDS.flatMap((kind, k) =>
      [0, 1, 12].map((partition) => {
        const mark: LogMark = { kind, partition, value: BigInt(1000 * i + 100 * k + partition) };
        return { log, mark };
      })
    )
  );
  const snapshot = await snapshotWith(marks.map(({ log, mark }) => markAction(mark, log)));
  for (const log of logs) {
    for (const kind of KINDS) {
      const mine = marks.filter((each) => each.log === log && each.mark.kind === kind);
      const expected = new Map(mine.map(({ mark: { partition, value } }) => [partition, value]));
      assertEquals(readMarks(snapshot, kind, log), expected);
    }
  }
});

Deno.test("the marks of version 0.1.0, which knew only next offsets, are today's", () => {
  assertEquals(markAction({ kind: "next", partition: 3, value: 7n }, LOG), {
    appId: "landing/trains/3",
    version: 7n,
  });
});

Deno.test("other topics are those with rows in this table, in order and once each", async () => {
  const noted = [LOG, ...OTHERS].flatMap((log) =>
    [0, 1].map((partition) => markAction({ kind: "next", partition, value: 5n }, log))
  );
  // A partition that was seen has a start before it has rows of its own.
  const seen = markAction({ kind: "start", partition: 0, value: 0n }, { name: "landing", topic: "seen" });
  const snapshot = await snapshotWith([...noted, seen]);
  assertEquals(otherTopics(snapshot, LOG), ["a", "trains2"]);
  assertEquals(otherTopics(snapshot, { name: "standard", topic: "trains" }), ["b"]);
});

async function snapshotWith(txns: readonly ReturnType<typeof markAction>[]) {
  const table = await createTable(new MemoryStore(), { schema: tableSchema({ n: "long" }) }, testContext());
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", txns, reads: "none" });
  return table.snapshot;
}
