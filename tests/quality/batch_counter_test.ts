/** The sums over batches: the same from their records, which tag a new file, and from the rows of any file. */
import { assertEquals } from "@std/assert";
import { createTable, MemoryStore } from "../../lib/delta/mod.ts";
import { BATCHES_COUNTER, batchesTag } from "../../lib/quality/batch_counter.ts";
import { BATCHES_SCHEMA, type BatchRecord, batchRow } from "../../lib/tables/batch_record.ts";
import { countsOf } from "../../lib/tables/count_tags.ts";
import { testContext } from "../delta/test_context.ts";

const SECONDS = { validate: 1, quarantine: 2, landing: 3, standard: 4 };

/** Each number is another one, so that no two can be taken for each other. */
function recordOf(partition: number, times: number, drift: Readonly<Record<string, number>>): BatchRecord {
  const names = [
    "landed",
    "expired",
    "gaps",
    "accepted",
    "duplicate",
    "stale",
    "conflict",
    "quarantined",
    "released",
  ] as const;
  const counts = Object.fromEntries(names.map((name, i) => [name, times * (i + 1)]));
  const rest = { rowsAdded: times * 50, rowsRemoved: times * 60, sizeBytes: times * 70 };
  const place = {
    topic: "trains",
    partition,
    offsetFrom: 2n ** 40n,
    offsetTo: 2n ** 40n + BigInt(times * 6),
  };
  const versions = { landingVersion: 3, quarantineVersion: 4 };
  const measures = { messages: times * 80, [`lag.${partition}`]: times * 90 };
  const record = { ...counts, ...rest, ...place, ...versions, drift, measures, seconds: SECONDS };
  return record as unknown as BatchRecord;
}

const RECORDS = [recordOf(0, 1, { "$.a": 2 }), recordOf(1, 10, { "$.a": 3, "$.b": 5 }), recordOf(0, 100, {})];
const SUMS = {
  offsets: 666,
  landed: 111,
  expired: 222,
  gaps: 333,
  accepted: 444,
  duplicate: 555,
  stale: 666,
  conflict: 777,
  quarantined: 888,
  released: 999,
  rowsAdded: 5550,
  rowsRemoved: 6660,
  sizeBytes: 7770,
  "drift.$.a": 5,
  "drift.$.b": 5,
  "measure.messages": 8880,
  "measure.lag.0": 9090,
  "measure.lag.1": 900,
};

async function countedRows(rows: readonly Readonly<Record<string, unknown>>[]) {
  const table = await createTable(new MemoryStore(), { schema: BATCHES_SCHEMA }, testContext());
  return BATCHES_COUNTER.count(await table.readFile(await table.stageRows(rows)));
}

Deno.test("batches are summed count by count, from their records and from the rows of a file", async () => {
  assertEquals(countsOf({ tags: batchesTag(RECORDS) } as never, BATCHES_COUNTER), SUMS);
  assertEquals(await countedRows(RECORDS.map((record) => batchRow(record, 7))), SUMS);
});

Deno.test("a row that knows no kinds of offsets without a message has them all as expired, one that lacks a count has none", async () => {
  const [record] = RECORDS;
  if (record === undefined) throw new Error("no record");
  const old = {
    ...batchRow(record, 7),
    expired: null,
    gaps: null,
    conflict: null,
    schemaDrift: null,
    released: null,
    measures: null,
  };
  const named = Object.entries(SUMS).filter(([name]) => !/^(drift|measure)\./.test(name));
  const ones = Object.fromEntries(named.map(([name, sum]) => [name, sum / 111]));
  assertEquals(await countedRows([old]), { ...ones, expired: 5, gaps: 0, conflict: 0, released: 0 });
});

Deno.test("a table that only older versions have written is summed without releases and measures", async () => {
  const { fields, ...schema } = BATCHES_SCHEMA;
  const newer = ["released", "release", "measures"];
  const older = { ...schema, fields: fields.filter(({ name }) => !newer.includes(name)) };
  const table = await createTable(new MemoryStore(), { schema: older }, testContext());
  const rows = RECORDS.map((record) => {
    const { released: _, release: __, measures: ___, ...row } = batchRow(record, 7);
    return row;
  });
  const sums = BATCHES_COUNTER.count(await table.readFile(await table.stageRows(rows)));
  const counted = Object.entries(SUMS).filter(([name]) => !name.startsWith("measure."));
  assertEquals(sums, { ...Object.fromEntries(counted), released: 0 });
});
