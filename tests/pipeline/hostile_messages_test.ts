/** Messages that try to stop the pipeline: each is accepted or in quarantine, and the run after it works. */

import { assert, assertEquals } from "@std/assert";
import type { Broker, LogRecord, Message } from "../../lib/broker/broker.ts";
import { FIRST_ROUND_MS, makeRound, trainMessage } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, wrapBroker } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const BASE = JSON.parse(decoder.decode(makeRound(1, 1, FIRST_ROUND_MS)[0]?.value ?? undefined));
const ROWS: number = BASE.timeTableRows.length;

/** The train with another number and other fields, some of them in its first row. */
function train(trainNumber: number, fields: object, rowFields: object = {}): Record<string, unknown> {
  const [first, ...rest] = BASE.timeTableRows;
  return { ...BASE, trainNumber, timeTableRows: [{ ...first, ...rowFields }, ...rest], ...fields };
}

/** Runs the messages, runs again with nothing new, and returns what the tables hold. */
async function take(messages: readonly Message[], change: (broker: Broker) => Broker = (broker) => broker) {
  await using broker = await brokerWith(messages, 1);
  const folder = memoryFolder();
  const { run } = await runProcess({ broker: change(broker), storeOf: folder });
  await runProcess({ broker: change(broker), storeOf: folder });
  const content = await readContent(folder);
  assertEquals(content.wrong, []);
  const firstRows = content.standard.map((text) => JSON.parse(text)).filter(({ rowNumber }) =>
    rowNumber === 0
  );
  return { ...content, run, firstRows, quarantined: content.quarantine.map((text) => JSON.parse(text)) };
}

/** At the edge of what is allowed: all of them are trains. */
const EDGES: readonly (readonly [fields: object, rowFields?: object])[] = [
  [{ departureDate: "0001-01-01" }],
  [{ departureDate: "1582-10-10" }],
  [{ departureDate: "9999-12-31" }],
  [{ version: Number.MAX_SAFE_INTEGER }],
  [{ version: -0 }],
  [{ trainType: "", trainCategory: null, operatorUICCode: null }],
  [{}, { scheduledTime: "1700-01-01T00:00:00Z" }],
  [{}, { scheduledTime: "2255-01-01T00:00:00.000Z" }],
  [{}, { scheduledTime: "2025-02-17T00:00:00.123456789+23:59" }],
  [{}, { stationShortCode: "A\u0000B" }],
  [{}, { stationShortCode: "\ufeffHKI" }],
  [{}, { stationShortCode: "x".repeat(1_000_000), commercialTrack: "😈" }],
  [{}, { differenceInMinutes: Number.MIN_SAFE_INTEGER, stationUICCode: Number.MAX_SAFE_INTEGER }],
  [{}, { causes: [] }],
  [{}, { causes: [{}, { categoryCodeId: Number.MAX_SAFE_INTEGER, categoryCode: "ä" }] }],
  [{}, { causes: null, trainReady: null, actualTime: "" }],
  [{}, { trainReady: {} }],
  [{}, { trainReady: { timestamp: "no time", accepted: true, source: "a new source" } }],
  [{ timeTableRows: Array.from({ length: 20_000 }, () => BASE.timeTableRows[0]) }],
];

Deno.test("trains at the edge of what is allowed are ingested", async () => {
  const { run, quarantined, standard } = await take(
    EDGES.map(([fields, rowFields], i) => trainMessage(train(i + 1, fields, rowFields))),
  );
  assertEquals(quarantined.map(({ messageKey, message }) => [messageKey, message]), []);
  assertEquals(run?.account.accepted, EDGES.length);
  assertEquals(standard.length, (EDGES.length - 1) * ROWS + 20_000);
});

Deno.test("a message that begins with a byte order mark is a train", async () => {
  const message = trainMessage(train(1, {}));
  const { run, quarantined } = await take([{
    ...message,
    value: Uint8Array.of(0xef, 0xbb, 0xbf, ...message.value ?? []),
  }]);
  assertEquals([run?.account.accepted, quarantined], [1, []]);
});

Deno.test("half characters in texts become U+FFFD and leave the texts beside them alone", async () => {
  const codes = ["\ud800", "HKI", "\ud801", "\udfff", "TPE"];
  const messages = codes.map((code, i) => {
    const text = JSON.stringify(train(i + 1, {}, { stationShortCode: code, commercialTrack: code }));
    return { ...trainMessage(train(i + 1, {})), value: encoder.encode(text) };
  });
  const { firstRows } = await take(messages);
  const found = firstRows.map(({ trainNumber, stationShortCode, commercialTrack }) => [
    trainNumber,
    stationShortCode,
    commercialTrack,
  ]);
  const whole = codes.map((code) => code.toWellFormed());
  assertEquals(found.sort(), whole.map((code, i) => [`${i + 1}n`, code, code]));
});

Deno.test("a key called __proto__ is drift like any other", async () => {
  const text = JSON.stringify(train(1, {})).replace("{", '{"__proto__":{"trainNumber":5,"version":"x"},');
  const { run, standard } = await take([{ ...trainMessage(train(1, {})), value: encoder.encode(text) }]);
  assertEquals([standard.length, run?.schemaDrift], [ROWS, { "$.__proto__": 1 }]);
});

Deno.test("unknown names may be long, half, many or full of control characters", async () => {
  const half = JSON.stringify(train(1, { HALF: 1, "\n\u001b[31m": 2, ["x".repeat(100_000)]: 3, "": 4 }))
    .replace("HALF", "\\ud800");
  const many = (prefix: string) => Object.fromEntries(Array.from({ length: 800 }, (_, i) => [prefix + i, i]));
  const { run } = await take([
    { ...trainMessage(train(1, {})), value: encoder.encode(half) },
    ...["a", "b", "c"].map((prefix, i) => trainMessage(train(i + 2, many(prefix)))),
  ]);
  assert(run !== null);
  const names = Object.keys(run.schemaDrift);
  // A thousand, with the sum of all others among or beside them.
  assert(names.length >= 1000 && names.length <= 1001, `${names.length} names`);
  assert(names.includes("$.\ufffd") && names.every((name) => name.length < 110));
  assertEquals(Object.values(run.schemaDrift).reduce((sum, count) => sum + count, 0), 2404);
});

Deno.test("values that an open list did not have so far are kept and counted", async () => {
  const { run, firstRows } = await take([
    trainMessage(train(1, { timetableType: "NEW" }, { countryCode: "EE", estimateSource: "ORACLE" })),
    trainMessage(train(2, { timetableType: "NEW" }, { countryCode: "SE", estimateSource: "" })),
  ]);
  assertEquals(run?.schemaDrift, {
    "$.timetableType=NEW": 2,
    "$.timeTableRows[].countryCode=EE": 1,
    "$.timeTableRows[].estimateSource=ORACLE": 1,
  });
  const [first] = firstRows.filter(({ trainNumber }) => trainNumber === "1n");
  assertEquals([first.timetableType, first.countryCode, first.estimateSource], ["NEW", "EE", "ORACLE"]);
});

Deno.test("keys and headers that no text can hold stop nothing", async () => {
  const odd = ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "yesterday", "\ufffd"];
  const messages = odd.flatMap((fetchedAt, i) => [
    { ...trainMessage(train(i + 1, {})), key: "\ud800\u0000", headers: { fetchedAt } },
    { key: `\udfff${i}`, value: encoder.encode("bad"), headers: { fetchedAt } },
  ]);
  const { landing, quarantined } = await take(messages);
  const times = landing.map((text) => JSON.parse(text).fetchedAt);
  assertEquals(new Set(times), new Set(["-62135596800000000n", "253402300799000000n", null]));
  assertEquals(quarantined.length, odd.length);
});

const TIMES = [-1, 0, 8.64e15, 8.64e15 + 1, 9.2e18, -9.2e18, Date.UTC(10_000, 0, 1), NaN];

Deno.test("a message time that no calendar has is brought to the nearest one", async () => {
  const withTimes = (broker: Broker) =>
    wrapBroker(broker, {
      async *read(topic, ranges) {
        for await (const chunk of broker.read(topic, ranges)) {
          yield {
            ...chunk,
            records: chunk.records.map((record, i): LogRecord => ({
              ...record,
              timestampMs: TIMES[i >> 1] ?? 0,
            })),
          };
        }
      },
    });
  const bad = { key: null, value: encoder.encode("bad"), headers: {} };
  const { firstRows, quarantined } = await take(
    TIMES.flatMap((_, i) => [trainMessage(train(i + 1, {})), bad]),
    withTimes,
  );
  const [lowest, highest] = ["-62135596800000000n", "253402300799000000n"];
  const expected = ["-1000n", "0n", highest, highest, highest, lowest, highest, "0n"];
  for (const rows of [firstRows, quarantined]) {
    const byOffset = rows.toSorted((a, b) => parseInt(a.kafkaOffset) - parseInt(b.kafkaOffset));
    assertEquals(byOffset.map(({ kafkaMessageTimestamp }) => kafkaMessageTimestamp), expected);
  }
});
