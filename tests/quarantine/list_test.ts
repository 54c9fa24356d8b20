import { assert, assertEquals, assertFalse, assertRejects, assertStringIncludes } from "@std/assert";
import { MemoryStore, openTable, type Store } from "../../lib/delta/mod.ts";
import { UsageError } from "../../lib/errors.ts";
import { textWidth } from "../../lib/printable.ts";
import { listRejections } from "../../lib/landing/list_rejections.ts";
import type { Rejection } from "../../lib/validate/rejection.ts";
import { seededRandom, testContext } from "../delta/test_context.ts";
import { countReads } from "../quality/counted_reads.ts";
import { NOW_MS, quarantineStore, rejection, runVerb } from "./quarantine_rig.ts";

const CODES = ["not_json", "wrong_type", "missing_field", "not_utf8"] as const;

/** Files of some partitions with times that go up and down. */
function randomFiles(seed: number): readonly (readonly Rejection[])[] {
  const random = seededRandom(seed);
  const next = [0n, 0n, 0n];
  return Array.from({ length: 6 }, () => {
    const partition = Math.floor(random() * 3);
    return Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
      const offset = next[partition] ?? 0n;
      next[partition] = offset + 1n + BigInt(Math.floor(random() * 3));
      const timestampMs = NOW_MS - Math.floor(random() * 10) * 3_600_000;
      return rejection({
        partition,
        offset,
        timestampMs,
        code: CODES[Math.floor(random() * 4)] ?? "not_json",
      });
    });
  });
}

const idOf = ({ partition, offset }: Pick<Rejection, "partition" | "offset">) => `${partition}:${offset}`;

Deno.test("list gives the newest of what is asked for, as sorting all of it would, and counts all of it", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const files = randomFiles(seed);
    const store = await quarantineStore(files);
    const random = seededRandom(seed);
    const reason = random() < 0.5 ? undefined : CODES.filter(() => random() < 0.5);
    const hours = random() < 0.5 ? undefined : Math.floor(random() * 10);
    const limit = Math.floor(random() * 12);
    const since = hours === undefined ? undefined : { agoMs: hours * 3_600_000 };
    const recent = files.flat().filter(({ timestampMs }) =>
      timestampMs >= NOW_MS - (hours ?? 1e6) * 3_600_000
    );
    const expected = recent.filter(({ code }) => reason === undefined || reason.some((one) => one === code))
      .toSorted((a, b) =>
        b.timestampMs - a.timestampMs || a.partition - b.partition || Number(b.offset - a.offset)
      );
    const listed = JSON.parse((await runVerb(store, ["list"], { reason, since, limit, json: true })).text);
    assertEquals(listed.messages.map(({ id }: { id: string }) => id), expected.slice(0, limit).map(idOf));
    const counts = Map.groupBy(recent, ({ code }) => code).entries().map(([code, all]) => [code, all.length]);
    assertEquals(listed.reasons, Object.fromEntries(counts));
    assertEquals(listed.total, recent.length);
  }
});

Deno.test("of many files those with the newest messages are read alone, and none is to count", async () => {
  const files = Array.from(
    { length: 10 },
    (_, at) => [rejection({ offset: BigInt(at), timestampMs: NOW_MS - at * 1000 })],
  );
  const { table, reads } = countReads(await openTable(await quarantineStore(files), testContext()));
  assertEquals((await listRejections(table, { limit: 2 })).map(({ offset }) => offset), [0n, 1n]);
  // Once for the times and once for the messages, and the times of the third are not needed.
  assertEquals(reads(), 4);
  assertEquals((await listRejections(table, { limit: 9, sinceMs: NOW_MS - 1000 })).length, 2);
  assertEquals(reads(), 8);
  assertEquals(await listRejections(table, { limit: 9, reasons: ["zzz"] }), []);
  assertEquals(reads(), 8);
});

Deno.test("a page has a line of at most 80 columns for each message, whatever is in it", async () => {
  const hostile = [
    '{"trainNumber":"\u001b[2J\u009b31m \u202e\u200f\u2028 \u0007"}',
    "\r\nid     time\n0:999  2026-02-17T05:30:00Z  fake",
    "\u{1f682}".repeat(100),
    "\u4e00".repeat(100),
    "",
  ].map((text) => new TextEncoder().encode(text));
  const values = [
    ...hostile,
    null,
    Uint8Array.of(0xff, 0, 0x1b),
    Uint8Array.of(...Array(199).fill(97), 0xc3, 0xa4),
  ];
  const files = values.map((rawValue, at) => [
    rejection({
      offset: BigInt(at),
      rawValue,
      code: "departure_time_format",
      path: `$.timeTableRows[${at}].\u001bscheduledTime\u202e`,
      timestampMs: NOW_MS - at,
    }),
  ]);
  const { text } = await runVerb(await quarantineStore(files), ["list"]);
  const lines = text.split("\n");
  // deno-lint-ignore no-control-regex -- that is what must not be there
  assertFalse(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/.test(text), text);
  assertEquals(lines.filter((line) => textWidth(line) > 80), []);
  assertEquals(lines.filter((line) => /^0:\d /.test(line)).length, values.length);
  assertStringIncludes(text, "(no value)");
  assertStringIncludes(text, "(empty)");
  assertStringIncludes(text, "ff 00 1b");
});

Deno.test("an empty quarantine says so; so does a time without messages", async () => {
  const store = await quarantineStore([]);
  assertEquals((await runVerb(store, ["list"])).text, "Quarantine is empty: no message was rejected");
  await quarantineStore([[rejection({})]], { store });
  const { text } = await runVerb(store, ["list"], { since: { agoMs: 1000 } });
  assertEquals(text, "No message since then is in quarantine");
  assertEquals(JSON.parse((await runVerb(store, ["list"], { since: { atMs: NOW_MS }, json: true })).text), {
    total: 0,
    reasons: {},
    messages: [],
  });
});

Deno.test("a reason that no message has is named, with the one that was meant", async () => {
  const store = await quarantineStore([[rejection({})]]);
  const { text } = await runVerb(store, ["list"], { reason: ["not_jsn"] });
  assertStringIncludes(text, 'No message was rejected as "not_jsn"; did you mean "not_json"?');
});

Deno.test("messages of several topics have IDs with their topic, and show takes them", async () => {
  const store = await quarantineStore([[rejection({ offset: 5n })]]);
  await quarantineStore([[rejection({ offset: 5n, timestampMs: NOW_MS })]], { store, topic: "other.topic" });
  const listed = JSON.parse((await runVerb(store, ["list"], { json: true })).text);
  const ids = listed.messages.map(({ id }: { id: string }) => id);
  assertEquals(ids, ["other.topic:0:5", "trains:0:5"]);
  for (const id of ids) assertStringIncludes((await runVerb(store, ["show", id])).text, `id        ${id}\n`);
  const error = await assertRejects(() => runVerb(store, ["show", "0:5"]), UsageError);
  for (const id of ids) assertStringIncludes(error.message, id);
});

Deno.test("without a table the message says what to do", async () => {
  const store: Store = new MemoryStore({ label: "lake/quarantine" });
  for (const verb of [["list"], ["show", "0:1"], ["replay"]]) {
    const error = await assertRejects(
      () => runVerb(store, verb, { yes: verb[0] === "replay" }),
      Error,
      "lake/quarantine",
    );
    assertStringIncludes(error.message, "deno task process");
    assert(!(error instanceof UsageError));
  }
});
