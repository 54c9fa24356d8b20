import { assertEquals } from "@std/assert";
import { addColumns, tableSchema } from "../../lib/delta/mod.ts";
import { appendMessages } from "../../lib/landing/append_messages.ts";
import { fingerprintsOf } from "../../lib/tables/fingerprint_tag.ts";
import { tableRows } from "../delta/table_rows.ts";
import { batchOf, openTables, TOPIC } from "./landing_rig.ts";

Deno.test("all chunks of a batch land as one file in one commit, and the next offsets with them", async () => {
  const { landing } = await openTables();
  const [first, second] = [[{ partition: 0, offset: 5 }, { partition: 0, offset: 6 }], [{
    partition: 1,
    offset: 0,
  }]];
  const outcome = await appendMessages(
    landing,
    batchOf({ chunks: [first, second], ranges: [[0, 5, 7], [1, 0, 1]] }),
  );
  assertEquals(outcome, { version: 1 });
  assertEquals(
    await appendMessages(landing, batchOf({ chunks: [[{ partition: 1, offset: 1 }]], ranges: [[1, 1, 2]] })),
    {
      version: 2,
    },
  );
  const rows = (await tableRows(landing.delta)).map((row) =>
    `${row.kafkaPartition}/${row.kafkaOffset} ${row.jsonValue}`
  );
  assertEquals(rows.sort(), ["0/5 message 5", "0/6 message 6", "1/0 message 0", "1/1 message 1"]);
  assertEquals(landing.nextOffsets(), new Map([[0, 7n], [1, 2n]]));
  const files = [...landing.delta.snapshot.files.values()];
  assertEquals(files.map((add) => fingerprintsOf(add, TOPIC).map(({ offset }) => offset)), [[5n, 6n, 0n], [
    1n,
  ]]);
});

Deno.test("a batch of nothing but gaps moves the next offsets and writes no file", async () => {
  const { landing } = await openTables();
  assertEquals(await appendMessages(landing, batchOf({ chunks: [], ranges: [[0, 0, 4]] })), { version: 1 });
  assertEquals([landing.nextOffsets(), landing.delta.snapshot.files.size], [new Map([[0, 4n]]), 0]);
  assertEquals(await landing.delta.store.list("part"), []);
});

Deno.test("a batch that another process has taken meanwhile is not landed again, and leaves no file", async () => {
  const { landing } = await openTables();
  const batch = batchOf({ chunks: [[{ partition: 0, offset: 0 }]], ranges: [[0, 0, 1]] });
  await appendMessages(landing, batch);
  assertEquals(await appendMessages(landing, batch), "overtaken");
  assertEquals((await landing.delta.store.list("part")).length, 1);
});

Deno.test("columns that another engine has added are null in new rows", async () => {
  const { landing } = await openTables();
  await addColumns(landing.delta, tableSchema({ note: "string" }).fields);
  await appendMessages(landing, batchOf({ chunks: [[{ partition: 0, offset: 0 }]], ranges: [[0, 0, 1]] }));
  const [row] = await tableRows(landing.delta);
  assertEquals([row?.note, row?.jsonValue], [null, "message 0"]);
});
