/** What a follower remembers of the files it wrote. */
import { assertEquals, assertLess } from "@std/assert";
import type { Add, Columns } from "../../lib/delta/mod.ts";
import { RecentRows } from "../../lib/standard/recent_rows.ts";

function addOf(path: string): Add {
  return { path, partitionValues: {}, size: 1, modificationTime: 0, dataChange: true };
}

function columnsOf(rows: number) {
  const whole = { kind: "int32", length: rows, present: null, values: new Int32Array(rows) } as const;
  return { number: whole, departureDate: whole } satisfies Columns;
}

Deno.test("rows come back once, as a file has them: without the column that its folder stands for", () => {
  const recent = new RecentRows(), { number } = columnsOf(10);
  recent.remember(addOf("a"), columnsOf(10));
  assertEquals(recent.take(addOf("a")), { number });
  assertEquals([recent.take(addOf("a")), recent.sizeBytes], [undefined, 0]);
});

Deno.test("however many files are written, no more is remembered than there is room for, and the newest of it", () => {
  const recent = new RecentRows({ maxBytes: 1_000 });
  for (let file = 0; file < 10_000; file++) {
    recent.remember(addOf(`${file}`), columnsOf(1 + file % 60));
    assertLess(recent.sizeBytes, 1_001);
  }
  assertEquals(recent.take(addOf("9999"))?.number?.length, 1 + 9_999 % 60);
  assertEquals(recent.take(addOf("9000")), undefined);
  // One that takes a good part of the room would drive out all others.
  recent.remember(addOf("large"), columnsOf(100));
  assertEquals(recent.take(addOf("large")), undefined);
});
