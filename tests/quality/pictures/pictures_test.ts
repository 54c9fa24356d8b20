/** What pictures are drawn from: hours, batches and names, read from no more files than they need. */
import { assertEquals } from "@std/assert";
import { appendFile, createTable, type DeltaTable, MemoryStore, type Row } from "../../../lib/delta/mod.ts";
import { batchSeconds } from "../../../lib/quality/pictures/batch_seconds.ts";
import { causeNames } from "../../../lib/quality/pictures/cause_names.ts";
import { messagesPerHour } from "../../../lib/quality/pictures/messages_per_hour.ts";
import { BATCHES_SCHEMA } from "../../../lib/tables/batch_record.ts";
import { LANDING_SCHEMA } from "../../../lib/tables/message_schemas.ts";
import { METADATA_SCHEMAS } from "../../../lib/tables/metadata_schemas.ts";
import { testContext } from "../../delta/test_context.ts";

/** A table with a file for each list of rows. */
async function tableOf(
  schema: typeof LANDING_SCHEMA,
  files: readonly (readonly Row[])[],
): Promise<DeltaTable> {
  const table = await createTable(new MemoryStore(), { schema }, testContext());
  const nulls = Object.fromEntries(schema.fields.map(({ name }) => [name, null]));
  for (const rows of files) {
    const add = await table.stageRows(rows.map((row) => ({ ...nulls, ...row })));
    await appendFile(table, add, { rows: rows.length });
  }
  return table;
}

const UNTIL = new Date("2025-02-17T05:30:00Z");

function message(time: string | null): Row {
  return { kafkaMessageTimestamp: time === null ? null : BigInt(Date.parse(time)) * 1000n };
}

Deno.test("messages are in the hour in which they were written, up to the last millisecond of it", async () => {
  const landing = await tableOf(LANDING_SCHEMA, [
    ["2025-02-17T02:59:59.999Z", "2025-02-17T03:00:00Z", "2025-02-17T05:59:59.999Z", null].map(message),
    ["2025-02-17T05:00:00Z", "2025-02-17T06:00:00Z"].map(message),
  ]);
  const found = await messagesPerHour(landing, { until: UNTIL, hours: 3, mostMessages: 100 });
  assertEquals(found, { from: new Date("2025-02-17T03:00:00Z"), counts: [1, 0, 2], unread: 0 });
});

Deno.test("of more messages than a page has time for the newest files are read, and what is left out is said", async () => {
  const landing = await tableOf(LANDING_SCHEMA, [
    ["2025-02-17T04:00:00Z", "2025-02-17T03:10:00Z"].map(message),
    ["2025-02-17T05:00:00Z", "2025-02-17T05:10:00Z"].map(message),
    // Older than the hours: neither read nor missed.
    ["2025-02-16T05:00:00Z"].map(message),
  ]);
  const found = await messagesPerHour(landing, { until: UNTIL, hours: 3, mostMessages: 1 });
  assertEquals([found.counts, found.unread], [[0, 0, 2], 2]);
});

function batch(standardVersion: number, changes: Readonly<Record<string, number>> = {}): Row {
  const seconds = { judgeSeconds: 0.5, quarantineSeconds: 0, landingSeconds: 0.1, standardSeconds: 0.2 };
  return { standardVersion: BigInt(standardVersion), landed: 10n, ...seconds, ...changes };
}

Deno.test("a batch is one however many partitions it has, releases are none, and the newest come last", async () => {
  const batches = await tableOf(BATCHES_SCHEMA, [
    [batch(1)],
    [batch(3), batch(3)],
    [batch(4, { judgeSeconds: 2 }), { ...batch(5), release: 1n }],
    [batch(2)],
  ]);
  const found = await batchSeconds(batches, 3);
  assertEquals(
    found.map(({ standardVersion, messages, seconds }) => [standardVersion, messages, seconds.validate]),
    [
      [2, 10, 0.5],
      [3, 20, 0.5],
      [4, 10, 2],
    ],
  );
  assertEquals(await batchSeconds(await tableOf(BATCHES_SCHEMA, []), 3), []);
});

Deno.test("a category of causes is called as it is now, whatever it was before", async () => {
  const causes = await tableOf(METADATA_SCHEMAS.causes, [[
    { level: "category", code: "A", name: "now" },
    { level: "category", code: "A", name: "before", validTo: "2024-10-01" },
    { level: "category", code: "B", name: "gone", validTo: "2024-10-01" },
    { level: "detailed", code: "E", name: "no category" },
    { level: "category", code: "C" },
  ]]);
  assertEquals(await causeNames(causes), { A: "now", B: "gone" });
});
