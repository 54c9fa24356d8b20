import { assert, assertEquals } from "@std/assert";
import { type Columns, longsOf } from "../../lib/delta/mod.ts";
import { appendRejections } from "../../lib/landing/append_rejections.ts";
import type { Rejection } from "../../lib/validate/rejection.ts";
import { tableRows } from "../delta/table_rows.ts";
import { batchOf, openTables, TOPIC } from "./landing_rig.ts";

const REJECTION: Rejection = {
  code: "not_json",
  message: "found a half \ud800 of a pair",
  path: "$.\udc00",
  rule: "S1",
  partition: 0,
  offset: 2n,
  timestampMs: 1_700_000_000_001,
  key: "key \ud83d",
  keyBytes: null,
  fetchedAtMs: 1_700_000_000_000,
  sourceEpoch: 3,
  rawValue: new Uint8Array([255, 0]),
};
const BARE: Rejection = {
  ...REJECTION,
  offset: 3n,
  key: null,
  fetchedAtMs: null,
  sourceEpoch: 0,
  rawValue: null,
};
const BYTES: Rejection = { ...BARE, offset: 4n, keyBytes: new Uint8Array([254]) };

const none = { tagsOf: () => ({}) };

function batch(rejections: readonly Rejection[], from: number, to: number) {
  return batchOf({ chunks: [[], [{ partition: 0, offset: from }]], rejections, ranges: [[0, from, to]] });
}

Deno.test("a rejection is kept with its bytes, place, key, times and reason; what is missing is null", async () => {
  const { quarantine } = await openTables();
  assertEquals(await appendRejections(quarantine, batch([REJECTION, BARE, BYTES], 0, 5), none), {
    version: 1,
  });
  const rows = (await tableRows(quarantine.delta)).toSorted((a, b) =>
    Number(a.kafkaOffset) - Number(b.kafkaOffset)
  );
  const same = {
    reasonCode: "not_json",
    message: "found a half \ufffd of a pair",
    jsonPath: "$.\ufffd",
    stage: "batch",
    ruleId: "S1",
    kafkaMessageTimestamp: 1_700_000_000_001_000n,
    kafkaTopic: TOPIC,
    kafkaPartition: 0,
  };
  const bare = {
    ...same,
    rawValue: null,
    messageKey: null,
    fetchedAt: null,
    messageKeyBytes: null,
    sourceEpoch: null,
  };
  assertEquals(rows, [
    {
      ...bare,
      kafkaOffset: 2n,
      rawValue: [255, 0],
      messageKey: "key \ufffd",
      fetchedAt: 1_700_000_000_000_000n,
      sourceEpoch: 3,
    },
    { ...bare, kafkaOffset: 3n },
    { ...bare, kafkaOffset: 4n, messageKeyBytes: [254] },
  ]);
});

Deno.test("only what the table does not have is appended, and tagged; with nothing new there is no commit", async () => {
  const { quarantine } = await openTables();
  const tagged: bigint[][] = [];
  const noted = {
    tagsOf: ({ kafkaOffset: offsets }: Columns) => {
      assert(offsets?.kind === "int64");
      tagged.push([...longsOf(offsets)]);
      return { counted: String(offsets.length) };
    },
  };
  assertEquals(await appendRejections(quarantine, batch([], 0, 2), noted), { version: 0 });
  assertEquals(await appendRejections(quarantine, batch([REJECTION], 0, 3), noted), { version: 1 });
  // After a crash the same messages may come in another batch.
  assertEquals(await appendRejections(quarantine, batch([REJECTION], 1, 3), noted), { version: 1 });
  assertEquals(await appendRejections(quarantine, batch([REJECTION, BARE], 1, 4), noted), { version: 2 });
  assertEquals((await tableRows(quarantine.delta)).map(({ kafkaOffset }) => kafkaOffset).sort(), [2n, 3n]);
  assertEquals(tagged, [[2n], [3n]]);
  const tags = [...quarantine.delta.snapshot.files.values()].map((add) => add.tags);
  assertEquals(tags, [{ counted: "1" }, { counted: "1" }]);
});
