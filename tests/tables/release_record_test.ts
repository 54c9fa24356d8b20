import { assertEquals, assertThrows } from "@std/assert";
import type { BatchRecord } from "../../lib/tables/batch_record.ts";
import { recordsOfMetrics } from "../../lib/tables/batch_record.ts";
import { type Release, releaseMetric, releaseOfMetrics } from "../../lib/tables/release_record.ts";
import { seededRandom } from "../delta/test_context.ts";

const RECORD: BatchRecord = {
  topic: "trains",
  partition: 2,
  offsetFrom: 100n,
  offsetTo: 100n,
  landed: 0,
  expired: 0,
  gaps: 0,
  accepted: 3,
  duplicate: 1,
  stale: 1,
  conflict: 1,
  quarantined: 0,
  rowsAdded: 40,
  rowsRemoved: 12,
  sizeBytes: 0,
  drift: {},
  seconds: { validate: 0.5, quarantine: 0, landing: 0, standard: 2 },
  landingVersion: 4,
  quarantineVersion: 0,
  released: 5,
  release: 7,
};

Deno.test("a release comes back from its commit as it went in, up to the last offset that JSON can hold", () => {
  const random = seededRandom(3);
  const below = (most: number) => Math.floor(random() * most);
  for (let round = 0; round < 30; round++) {
    const places = new Map(
      Array.from({ length: below(4) }, (_, partition) => {
        const offsets = Array.from({ length: 1 + below(5) }, () => BigInt(below(Number.MAX_SAFE_INTEGER)));
        return [partition, [...new Set(offsets)].sort((a, b) => Number(a - b))] as const;
      }),
    );
    const release: Release = {
      number: BigInt(1 + below(9)),
      topic: "trains",
      places,
      records: [RECORD, RECORD],
    };
    assertEquals(releaseOfMetrics({ numTargetRowsInserted: "5", ...releaseMetric(release) }), release);
  }
});

Deno.test("the counts of a release are no batch's; a commit of another kind has no release, a damaged one is an error", () => {
  const metric = releaseMetric({ number: 1n, topic: "t", places: new Map([[0, [5n]]]), records: [RECORD] });
  assertEquals(recordsOfMetrics(metric), []);
  assertEquals(releaseOfMetrics(undefined), undefined);
  assertEquals(releaseOfMetrics({ "ratalake.batches": "[]" }), undefined);
  const [[name = "", text = ""] = []] = Object.entries(metric);
  for (
    const [was, broken] of [['"number":1', '"number":0'], ['"0":"5"', '"0":"5.-1"'], ["{", "["]] as const
  ) {
    assertThrows(() => releaseOfMetrics({ [name]: text.replace(was, broken) }));
  }
});
