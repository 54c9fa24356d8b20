/** The accounting of batches is completed from the log of the standard table, whatever a crash left out of it. */
import { assertEquals } from "@std/assert";
import { createTable, MemoryStore, openTable, restoreTable, tableSchema } from "../../lib/delta/mod.ts";
import { recordBatches, restoreBatches } from "../../lib/quality/record_batches.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { BATCHES_SCHEMA, type BatchRecord, recordsMetric } from "../../lib/tables/batch_record.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import { testContext } from "../delta/test_context.ts";
import { rowsOf } from "../pipeline/table_content.ts";

const SECONDS = { validate: 0, quarantine: 0, landing: 0, standard: 0 };
const NONE = {
  accepted: 0,
  duplicate: 0,
  stale: 0,
  conflict: 0,
  quarantined: 0,
  rowsAdded: 0,
  rowsRemoved: 0,
};

function recordOf(topic: string, partition: number, from: number, to: number): BatchRecord {
  const counts = { ...NONE, landed: to - from, expired: 0, gaps: 0, sizeBytes: 0, drift: {} };
  const offsets = { offsetFrom: BigInt(from), offsetTo: BigInt(to) };
  return {
    topic,
    partition,
    ...offsets,
    ...counts,
    seconds: SECONDS,
    landingVersion: 1,
    quarantineVersion: 1,
  };
}

async function openTables() {
  const stores = { standard: new MemoryStore(), batches: new MemoryStore() };
  const standard = await createTable(
    stores.standard,
    { schema: tableSchema({ n: "long" }) },
    testContext("s"),
  );
  const batches = await createTable(stores.batches, { schema: BATCHES_SCHEMA }, testContext("b"));
  const tablesOf = (topic: string) => ({
    standard: new TopicTable(standard, { name: "standard", topic }),
    batches: new TopicTable(batches, { name: "batches", topic }),
  });
  return { tablesOf, store: stores.batches };
}

/** One commit of standard with the records in its metrics; returns the version. */
async function commit(standard: TopicTable, records: readonly BatchRecord[]): Promise<number> {
  const ranges = records.map(({ partition, offsetFrom, offsetTo }) => {
    return { partition, from: offsetFrom, to: offsetTo };
  });
  const outcome = await standard.ingest(ranges, async () => ({
    operation: "MERGE",
    operationMetrics: recordsMetric(records),
    adds: [await standard.delta.stageRows([{ n: 1n }])],
    removes: [],
    reads: { matches: () => false },
  }));
  return outcome === "overtaken" ? -1 : outcome.version;
}

/** Records of one or two partitions that go on where those before ended. */
function randomRecords(random: Random, topic: string, next: Map<number, number>): readonly BatchRecord[] {
  const partitions = random() < 0.5 ? [0, 1] : [Math.floor(random() * 2)];
  return partitions.map((partition) => {
    const from = next.get(partition) ?? 0, to = from + 1 + Math.floor(random() * 3);
    next.set(partition, to);
    return recordOf(topic, partition, from, to);
  });
}

Deno.test("whatever batches were not recorded are recorded later, each once, in order, with their standard version", async () => {
  const random = seededRandom(51);
  for (let round = 0; round < 8; round++) {
    const { tablesOf, store } = await openTables();
    const topics = ["trains", "buses"].map((topic) => {
      return { topic, tables: tablesOf(topic), next: new Map<number, number>(), isMissing: false };
    });
    const expected: string[] = [];
    for (let step = 0; step < 10; step++) {
      const one = topics[random() < 0.7 ? 0 : 1];
      if (one === undefined) continue;
      const records = randomRecords(random, one.topic, one.next);
      const version = await commit(one.tables.standard, records);
      for (const { topic, partition, offsetFrom, offsetTo } of records) {
        expected.push(`${topic} ${partition} ${offsetFrom}-${offsetTo} of ${version}`);
      }
      const chance = random();
      // A crash comes between, or another process records first, or all goes well.
      if (chance < 0.5) one.isMissing = true;
      else if (chance < 0.75 || one.isMissing) {
        await restoreBatches(one.tables);
        one.isMissing = false;
        if (chance < 0.75) await recordBatches(one.tables, records, version);
      } else {
        // Another process may have been faster, with a part.
        if (random() < 0.5) await recordBatches(one.tables, records.slice(0, 1), version);
        await recordBatches(one.tables, records, version);
      }
    }
    for (const { tables } of topics) await restoreBatches(tables);
    const table = await openTable(store, testContext("reader"));
    const found = (await rowsOf(table)).map((row) =>
      `${row.topic} ${row.partition} ${row.offsetFrom}-${row.offsetTo} of ${row.standardVersion}`
    );
    assertEquals(found.sort(), expected.sort());
    // What is complete gets no commit.
    for (const { tables } of topics) await restoreBatches(tables);
    assertEquals((await openTable(store, testContext("last"))).snapshot.version, table.snapshot.version);
  }
});

Deno.test("of a batch that was merged, undone by a restore and merged again, the merge that counts is recorded", async () => {
  const { tablesOf, store } = await openTables();
  const tables = tablesOf("trains");
  const records = [recordOf("trains", 0, 1, 4)];
  const first = await commit(tables.standard, [recordOf("trains", 0, 0, 1)]);
  await restoreBatches(tables);
  await commit(tables.standard, records);
  await restoreTable(tables.standard.delta, { version: first }, { marks: "restore" });
  await tables.standard.delta.update();
  const version = await commit(tables.standard, records);
  await restoreBatches(tables);
  const rows = await rowsOf(await openTable(store, testContext("reader")));
  const recorded = rows.map(({ offsetTo, standardVersion }) => [Number(offsetTo), Number(standardVersion)]);
  assertEquals(recorded.sort(), [[1, first], [4, version]]);
});

for (const how of ["records", "restores"] as const) {
  Deno.test(`a process that ${how} what another one has recorded in part meanwhile records the rest, nothing twice`, async () => {
    const { tablesOf, store } = await openTables();
    const slow = tablesOf("trains");
    const other = {
      ...slow,
      batches: new TopicTable(await openTable(store, testContext("other")), slow.batches),
    };
    const records = [recordOf("trains", 0, 0, 3), recordOf("trains", 1, 0, 2)];
    const version = await commit(slow.standard, records);
    await recordBatches(other, records.slice(1), version);
    // What it does not have to record it leaves to others.
    assertEquals(other.batches.nextOffsets(), new Map([[1, 2n]]));
    if (how === "records") await recordBatches(slow, records, version);
    else await restoreBatches(slow);
    const rows = await rowsOf(await openTable(store, testContext("reader")));
    const found = rows.map(({ partition, offsetTo }) => [Number(partition), Number(offsetTo)]);
    assertEquals(found.sort(), [[0, 3], [1, 2]]);
  });
}

Deno.test("where no batch is missing, the log of standard is not looked into", async () => {
  const { tablesOf } = await openTables();
  const { standard, batches } = tablesOf("trains");
  for (let offset = 0; offset < 6; offset++) {
    const record = recordOf("trains", 0, offset, offset + 1);
    const version = await commit(standard, [record]);
    if (offset < 4) await recordBatches({ standard, batches }, [record], version);
  }
  const { store } = standard.delta;
  const { read } = store;
  const paths: string[] = [];
  store.read = (path, ...rest) => (paths.push(path), read.call(store, path, ...rest));
  await restoreBatches({ standard, batches });
  const readOnce = paths.length;
  await restoreBatches({ standard, batches });
  assertEquals([batches.nextOffsets(), paths.length], [new Map([[0, 6n]]), readOnce]);
});
