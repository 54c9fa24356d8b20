import { assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import {
  BATCHES_SCHEMA,
  type BatchRecord,
  batchRow,
  recordsMetric,
  recordsOfMetrics,
} from "../../lib/tables/batch_record.ts";

const RECORD: BatchRecord = {
  topic: "trains",
  partition: 2,
  offsetFrom: 100n,
  offsetTo: 110n,
  landed: 7,
  expired: 2,
  gaps: 1,
  accepted: 3,
  duplicate: 1,
  stale: 1,
  conflict: 1,
  quarantined: 1,
  rowsAdded: 40,
  rowsRemoved: 12,
  sizeBytes: 9000,
  drift: { "$.new": 3 },
  seconds: { validate: 0.5, quarantine: 0.25, landing: 1, standard: 2 },
  landingVersion: 4,
  quarantineVersion: 0,
  measures: { messages: 7, "lag.60": 2 },
};

Deno.test("records come back from a commit as they went in, up to the last offset that JSON can hold", () => {
  const random = seededRandom(7);
  const some = (most: number) => Math.floor(random() * most);
  for (let count = 0; count < 5; count++) {
    const records = Array.from({ length: count }, (): BatchRecord => ({
      ...RECORD,
      partition: some(3),
      offsetFrom: BigInt(some(3)),
      offsetTo: BigInt(Number.MAX_SAFE_INTEGER - some(3)),
      expired: some(2),
      gaps: some(2),
      landed: some(1e9),
      drift: Object.fromEntries(Array.from({ length: some(3) }, (_, i) => [`$.${i}`, some(9)])),
      measures: Object.fromEntries(Array.from({ length: some(3) }, (_, i) => [`lag.${i}`, some(9)])),
    }));
    assertEquals(recordsOfMetrics(recordsMetric(records)), records);
  }
});

Deno.test("what is no record is an error, a commit of another writer has none", () => {
  assertEquals(recordsOfMetrics(undefined), []);
  assertEquals(recordsOfMetrics({ numOutputRows: "5" }), []);
  for (
    const [was, broken] of [['"landed":7', '"landed":-1'], ['"partition":2', '"partition":"2"']] as const
  ) {
    const [metric = ""] = Object.values(recordsMetric([RECORD]));
    assertThrows(() => recordsOfMetrics({ "ratalake.batches": metric.replace(was, broken) }));
  }
});

Deno.test("a record of version 0.1.0 counts every offset without a message as a loss", () => {
  const [metric = ""] = Object.values(recordsMetric([RECORD]));
  const older = metric.replace('"expired":2,', "").replace('"gaps":1,', "");
  assertEquals(recordsOfMetrics({ "ratalake.batches": older }), [{ ...RECORD, expired: 3, gaps: 0 }]);
});

Deno.test("a record of before there were measures has none, and its row says that nobody counted them", () => {
  const { measures: _, ...older } = RECORD;
  assertEquals(recordsOfMetrics(recordsMetric([older])), [older]);
  assertEquals(batchRow(older, 9).measures, null);
});

Deno.test("the row of a record has every column of the table, each with what it is named after", () => {
  const { seconds: _, drift, ...same } = RECORD;
  assertEquals(batchRow(RECORD, 9), {
    ...same,
    released: 0,
    release: null,
    schemaDrift: drift,
    judgeSeconds: 0.5,
    quarantineSeconds: 0.25,
    landingSeconds: 1,
    standardSeconds: 2,
    standardVersion: 9,
  });
  const columns = BATCHES_SCHEMA.fields.map(({ name }) => name);
  assertEquals(Object.keys(batchRow(RECORD, 9)).sort(), columns.toSorted());
});
