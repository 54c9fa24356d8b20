/** Names of schema drift are bounded, and each counts as often as it came. */
import { assertEquals } from "@std/assert";
import {
  addDrift,
  countNewValues,
  countParsedKeys,
  type DriftCounts,
} from "../../lib/validate/schema_drift.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";

const TRAIN = JSON.parse(new TextDecoder().decode(makeRound(1, 1, FIRST_ROUND_MS)[0]?.value ?? undefined));

Deno.test("a thousand names are kept; what comes after is one, and what is known counts on", () => {
  const drift: DriftCounts = new Map();
  for (let i = 0; i < 1000; i++) addDrift(drift, `$.${i}`, 1);
  assertEquals([drift.size, drift.get("(others)")], [1000, undefined]);
  addDrift(drift, "$.1000", 2);
  addDrift(drift, "$.1001", 3);
  addDrift(drift, "$.999", 4);
  assertEquals([drift.size, drift.get("(others)"), drift.get("$.999")], [1001, 5, 5]);
});

/** Every key of every object, one by one. */
function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const nested = Object.values(value).reduce((sum: number, child) => sum + countKeys(child), 0);
  return nested + (Array.isArray(value) ? 0 : Object.keys(value).length);
}

Deno.test("all keys are counted, those inside of unknown fields too, and the unknown ones are named where they stand", () => {
  const [first, ...rest] = TRAIN.timeTableRows;
  const causes = [{ categoryCode: "A", why: [{ a: 1, b: [null, { c: 2 }] }, 5, null] }];
  const row = { ...first, causes, trainReady: { source: "X", by: { name: "n" } }, colour: null };
  const train = {
    ...TRAIN,
    timeTableRows: [row, { ...row, trainReady: null }, ...rest],
    extra: [[{ a: {} }]],
  };
  const drift: DriftCounts = new Map();
  assertEquals(countParsedKeys(train, drift), countKeys(train));
  assertEquals(Object.fromEntries(drift), {
    "$.extra": 1,
    "$.timeTableRows[].colour": 2,
    "$.timeTableRows[].causes[].why": 2,
    "$.timeTableRows[].trainReady.by": 1,
  });
});

Deno.test("new values of open lists are counted, known ones and none are not", () => {
  const rows = ["FI", "NO", "NO", ""].map((countryCode, i) => {
    const estimateSource = ["COMBOCALC", "GUESS", null, ""][i];
    return { ...TRAIN.timeTableRows[0], countryCode, estimateSource };
  });
  const found = (timetableType: string | null | undefined) => {
    const drift: DriftCounts = new Map();
    countNewValues({ ...TRAIN, timetableType, timeTableRows: rows }, drift);
    return Object.fromEntries(drift);
  };
  const inRows = { "$.timeTableRows[].countryCode=NO": 2, "$.timeTableRows[].estimateSource=GUESS": 1 };
  for (const known of ["REGULAR", "ADHOC", "", null, undefined]) assertEquals(found(known), inRows);
  const long = "😈".repeat(60);
  assertEquals(found(long), { ...inRows, [`$.timetableType=${"😈".repeat(50)}`]: 1 });
});
