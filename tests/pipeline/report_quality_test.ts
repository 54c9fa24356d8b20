/** A report says as of when it speaks: what a failed run left, and what waits, stand beside the verdict. */
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { BrokerError, UsageError } from "../../lib/errors.ts";
import { type CloserLook, lookCloser } from "../../lib/pipeline/look_closer.ts";
import { reportQuality } from "../../lib/pipeline/report_quality.ts";
import { gatedStore } from "./gated_store.ts";
import { FIRST_ROUND_MS, makeRound, trainMessage } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import type { Broker } from "../../lib/broker/broker.ts";

async function since(storeOf: StoreOf, broker?: Broker) {
  const openBroker = broker && (() => Promise.resolve({ ...keepOpen(broker) }));
  const options = { clock: () => FIRST_ROUND_MS, ids: () => "report", openBroker };
  const { text } = await reportQuality({ storeOf, format: "json", ...options });
  return JSON.parse(text).since;
}

/** The report closes what it opens; the test goes on with it. */
function keepOpen(broker: Broker): Broker {
  return { ...broker, [Symbol.asyncDispose]: () => Promise.resolve() };
}

Deno.test("messages that wait, and batches that a crash left, are told; after the next run nothing is", async () => {
  const round = makeRound(20, 1, FIRST_ROUND_MS);
  await using broker = await brokerWith(round.slice(0, 12));
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  assertEquals(await since(storeOf, broker), { ingested: 0, unmerged: 0, waiting: 0, isRefused: false });
  assertEquals((await since(storeOf)).waiting, null);
  await broker.publish(TOPIC, round.slice(12));
  assertEquals(await since(storeOf, broker), { ingested: 0, unmerged: 0, waiting: 8, isRefused: false });
  const dying = (table: string): StoreOf => (path) =>
    gatedStore(storeOf(path), ({ operation, path: file }) => {
      const isCommit = path.startsWith(table) && operation === "putIfAbsent" && file.startsWith("_delta_log");
      if (isCommit) throw new Error("crash");
    });
  await assertRejects(
    () => runProcess({ broker, storeOf: dying("standard_zone"), maxBatchBytes: 1e9 }),
    Error,
    "crash",
  );
  assertEquals(await since(storeOf, broker), { ingested: 0, unmerged: 8, waiting: 0, isRefused: false });
  const beforeRecord = runProcess({ broker, storeOf: dying("quality_zone/trains_travel") });
  await assertRejects(() => beforeRecord, Error, "crash");
  assertEquals(await since(storeOf, broker), { ingested: 8, unmerged: 0, waiting: 0, isRefused: false });
  await runProcess({ broker, storeOf, startMs: FIRST_ROUND_MS + 60_000 });
  assertEquals(await since(storeOf, broker), { ingested: 0, unmerged: 0, waiting: 0, isRefused: false });
});

Deno.test("of another log the report does not count what waits: it says that process refuses it", async () => {
  await using broker = await brokerWith(makeRound(3, 1, FIRST_ROUND_MS));
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  await using other = await brokerWith(makeRound(20, 2, FIRST_ROUND_MS));
  assertEquals(await since(storeOf, other), { ingested: 0, unmerged: 0, waiting: null, isRefused: true });
  const openBroker = () => Promise.resolve(keepOpen(other));
  const options = { clock: () => FIRST_ROUND_MS, ids: () => "report", openBroker };
  const { text } = await reportQuality({ storeOf, format: "text", ...options });
  assertStringIncludes(text, "since then: `process` refuses the log of now; `deno task status` says why");
});

Deno.test("a broker that does not answer leaves the report as it is", async () => {
  await using broker = await brokerWith(makeRound(3, 1, FIRST_ROUND_MS));
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  const silent = () => Promise.reject(new BrokerError("Cannot open"));
  const options = { clock: () => FIRST_ROUND_MS, ids: () => "report", openBroker: silent };
  const { passed, text } = await reportQuality({ storeOf, format: "json", ...options });
  assertEquals([passed, JSON.parse(text).since.waiting], [true, null]);
});

Deno.test("the page for a terminal has colours, the one for a file has none, and both say the same", async () => {
  await using broker = await brokerWith(makeRound(3, 1, FIRST_ROUND_MS));
  const storeOf = memoryFolder();
  const options = { storeOf, clock: () => FIRST_ROUND_MS, ids: () => "report" };
  // The tables are there, but no run is.
  const stop = AbortSignal.abort();
  await runProcess({ broker, storeOf, signal: stop });
  await assertRejects(
    () => reportQuality({ ...options, format: "text" }),
    Error,
    "Cannot report: found no finished run, expected one; run `deno task fetch`",
  );
  await runProcess({ broker, storeOf });
  const { text } = await reportQuality({ ...options, format: "text" });
  const { text: coloured } = await reportQuality({ ...options, format: "text", looks: { colour: true } });
  assertEquals([text.includes("\u001b"), coloured.includes("\u001b")], [false, true]);
  // deno-lint-ignore no-control-regex -- colours are control characters
  assertEquals(coloured.replace(/\u001b\[[0-9;]*m/g, ""), text);
});

Deno.test("a rule that there is not is a wrong use of --explain, with or without tables", async () => {
  const options = { storeOf: memoryFolder(), clock: () => 0, ids: () => "report" };
  await assertRejects(
    () => lookCloser({ explain: "U9", diff: false }, { ...options, format: "text" }),
    UsageError,
    'Cannot explain "U9": found no such rule, expected one of',
  );
});

Deno.test("before the first run the report says what to do first", async () => {
  await assertRejects(
    () => reportQuality({ storeOf: memoryFolder(), format: "text", clock: () => 0, ids: () => "report" }),
    Error,
    "Cannot report yet: run `deno task fetch`, then `deno task process`",
  );
});

Deno.test("where messages wait already, the report says to process them", async () => {
  for (
    const [messages, expected] of [[[], "run `deno task fetch`"], [
      makeRound(2, 1, FIRST_ROUND_MS),
      "messages wait: run `deno task process`",
    ]] as const
  ) {
    const openBroker = () => brokerWith(messages);
    const error = await assertRejects(
      () =>
        reportQuality({
          storeOf: memoryFolder(),
          format: "text",
          clock: () => 0,
          ids: () => "report",
          topic: TOPIC,
          openBroker,
        }),
      Error,
    );
    assertStringIncludes(error.message, `Cannot report yet: ${expected}`);
  }
});

Deno.test("what is no missing table ends the report with its own error", async () => {
  const storeOf: StoreOf = () => {
    throw new TypeError("a mistake of ours");
  };
  const options = { storeOf, format: "text", clock: () => 0, ids: () => "report" } as const;
  await assertRejects(() => reportQuality(options), TypeError, "a mistake of ours");
});

Deno.test("a report that fails by rows shows some of them; where their file is gone it shows the rest", async () => {
  const train = JSON.parse(new TextDecoder().decode(makeRound(1, 1, FIRST_ROUND_MS)[0]?.value ?? undefined));
  const [first, ...rest] = train.timeTableRows;
  const future = { ...train, timeTableRows: [{ ...first, actualTime: "2026-01-01T00:00:00Z" }, ...rest] };
  await using broker = await brokerWith([trainMessage(future)], 1);
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  const options = { storeOf, clock: () => FIRST_ROUND_MS, ids: () => "report", format: "text" } as const;
  const { passed, text } = await reportQuality(options);
  const [, shown = ""] = text.split("\nRows that fail the report\n");
  assertEquals(passed, false);
  const { text: page } = await reportQuality({ ...options, format: "html" });
  assertStringIncludes(page, "Where rules are broken");
  assertMatch(shown, new RegExp(`^T3\\ndate .*\\n${train.departureDate}  .*${train.trainNumber} .* 0:0\\n`));
  const store = storeOf("standard_zone/trains_travel");
  for (const { path } of await store.list("departureDate=")) await store.remove(path);
  const { text: without } = await reportQuality(options);
  assertEquals([without.includes("Rows that fail"), without.includes("\nFAILED: ")], [false, true]);
});

Deno.test("the page for a browser has pictures of rows, hours and batches; of files that are gone it has none, and is there", async () => {
  await using broker = await brokerWith(makeRound(20, 1, FIRST_ROUND_MS));
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  const options = { clock: () => FIRST_ROUND_MS, ids: () => "report", format: "html" } as const;
  const { text } = await reportQuality({ storeOf, ...options });
  for (const part of ["Messages per hour", "Seconds per batch", 'id="traffic"']) {
    assertStringIncludes(text, part);
  }
  assertEquals((await reportQuality({ storeOf, ...options })).text, text);
  const gone: StoreOf = (path) =>
    gatedStore(storeOf(path), ({ operation, path: file }) => {
      const isData = operation !== "list" && file.endsWith(".parquet") && !file.startsWith("_delta_log");
      if (isData && !path.startsWith("quality_zone/trains_travel")) throw new Error("gone");
    });
  const { text: rest } = await reportQuality({ storeOf: gone, ...options });
  assertEquals(["Messages per hour", "Seconds per batch"].filter((part) => rest.includes(part)), []);
  assertStringIncludes(rest, 'id="accounting"');
});

Deno.test("changes are told since the run before, or since the last run up to a time", async () => {
  await using broker = await brokerWith([], 1);
  const storeOf = memoryFolder();
  for (const minute of [0, 10, 20]) {
    await broker.publish(TOPIC, makeRound(3, 1 + minute, FIRST_ROUND_MS));
    await runProcess({ broker, storeOf, startMs: FIRST_ROUND_MS + minute * 60_000 });
  }
  const clock = () => FIRST_ROUND_MS + 25 * 60_000;
  const options = { storeOf, clock, ids: () => "report", format: "text" } as const;
  const then = async (look: Omit<CloserLook, "diff">, diff = false) =>
    /then {2}run of 2025-02-17T05:(\d\d)/.exec(await lookCloser({ ...look, diff }, options) ?? "")?.[1];
  assertEquals(await then({}, true), "10");
  assertEquals(await then({ since: { agoMs: 10 * 60_000 } }), "10");
  assertEquals(await then({ since: { agoMs: 20 * 60_000 } }), "00");
  // Before the first run the first is what there is.
  assertEquals(await then({ since: { atMs: 0 } }), "00");
  assertEquals(await lookCloser({ diff: false }, options), null);
});

Deno.test("one run alone cannot be compared", async () => {
  await using broker = await brokerWith(makeRound(3, 1, FIRST_ROUND_MS));
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  const options = { storeOf, clock: () => FIRST_ROUND_MS, ids: () => "report", format: "text" } as const;
  await assertRejects(() => lookCloser({ diff: true }, options), Error, "found fewer than two runs");
});

Deno.test("the contract has the limits of quality.yaml and of the contract that it names, and needs no tables", async () => {
  const files: Readonly<Record<string, string>> = {
    "lake/quality.yaml": "contract: ours.yaml\nquality:\n  - { rule: C2, severity: error, mustBe: 7 }",
    "lake/ours.yaml":
      "apiVersion: v3.1.0\nkind: DataContract\nschema:\n  - quality: [{ id: C3, mustBeLessThan: 8 }]",
  };
  const contractWith = async (read: (path: string) => string | undefined) => {
    const policyFile = { path: "lake/quality.yaml", read: async (path: string) => await read(path) ?? null };
    const fixed = { clock: () => FIRST_ROUND_MS, ids: () => "report", format: "text" } as const;
    return await lookCloser({ contract: true, diff: false }, {
      ...fixed,
      storeOf: memoryFolder(),
      policyFile,
    });
  };
  const text = await contractWith((path) => files[path]);
  assertMatch(text ?? "", /severity: error\n *unit: rows\n.*\n.*\n *rule: C2\n *mustBe: 7\n/);
  assertMatch(text ?? "", /rule: C3\n *mustBeLessThan: 8\n/);
  const alone = contractWith((path) => path.endsWith("quality.yaml") ? files[path] : undefined);
  await assertRejects(() => alone, TypeError, 'found no "lake/ours.yaml", expected the contract');
});
