/** Any run can be shown again as things were then: later runs, other limits and tidied tables change no byte of it. */
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { Broker } from "../../lib/broker/broker.ts";
import { openTable, optimizeTable, vacuumTable } from "../../lib/delta/mod.ts";
import { UsageError } from "../../lib/errors.ts";
import { type CloserLook, lookCloser } from "../../lib/pipeline/look_closer.ts";
import { type ReportOptions, reportQuality } from "../../lib/pipeline/report_quality.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { FIRST_ROUND_MS, makeRound, trainMessage } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";

const FORMATS = ["text", "json", "ndjson", "junit", "github", "markdown", "html", "openlineage"] as const;
const MINUTE_MS = 60_000;
const FIRST =
  "quality:\n  - { rule: C2, severity: warning, mustBe: 0 }\n  - { rule: T3, severity: error, mustBe: 0 }\n";
const LATER = "quality:\n  - { rule: T3, severity: info, mustBe: 0 }\n";

interface Lake {
  readonly broker: Broker;
  readonly storeOf: StoreOf;
}

/** A newer version of each train, one with a time in the future, which breaks T3. */
async function runRound({ broker, storeOf }: Lake, minute: number): Promise<void> {
  const [first, ...others] = makeRound(3, 1, FIRST_ROUND_MS + minute * MINUTE_MS);
  const train = JSON.parse(new TextDecoder().decode(first?.value ?? undefined));
  const rows = [
    { ...train.timeTableRows[0], actualTime: "2026-01-01T00:00:00Z" },
    ...train.timeTableRows.slice(1),
  ];
  await broker.publish(TOPIC, [
    trainMessage({ ...train, version: train.version + minute, timeTableRows: rows }),
    ...others,
  ]);
  await runProcess({
    broker,
    storeOf,
    startMs: FIRST_ROUND_MS + minute * MINUTE_MS,
    name: `minute${minute}-`,
  });
}

function optionsOf(lake: Lake, nowMs: number, policy = FIRST): Omit<ReportOptions, "format"> {
  return {
    storeOf: lake.storeOf,
    clock: () => nowMs,
    ids: () => "report",
    policyFile: { path: "quality.yaml", read: () => Promise.resolve(policy) },
  };
}

async function everyFormat(options: Omit<ReportOptions, "format">): Promise<readonly string[]> {
  return await Promise.all(FORMATS.map(async (format) => (await reportQuality({ ...options, format })).text));
}

async function look(options: Omit<ReportOptions, "format">, look: Partial<CloserLook>): Promise<string> {
  return await lookCloser({ diff: false, ...look }, { ...options, format: "text" }) ?? "";
}

Deno.test("a run gives the same bytes in every format later, whatever has happened since", async () => {
  await using broker = await brokerWith([], 1);
  const lake = { broker, storeOf: memoryFolder() };
  for (const minute of [0, 1]) await runRound(lake, minute);
  const run = "minute1-";
  const then = optionsOf(lake, FIRST_ROUND_MS + MINUTE_MS);
  const before = await everyFormat({ ...then, run: "latest" });
  const looks = [{ explain: "T3" }, { by: "trainCategory" }, { diff: true }] as const;
  const closer = await Promise.all(looks.map((each) => look({ ...then, run: "latest" }, each)));
  assertStringIncludes(before[0] ?? "", "\nT3\ndate ");
  for (const minute of [2, 3, 4, 5]) await runRound(lake, minute);
  for (const path of Object.values(TABLE_PATHS)) {
    await optimizeTable(
      await openTable(lake.storeOf(path), { clock: () => 0, ids: () => "tidy-" + path.length }),
    );
  }
  const later = { ...optionsOf(lake, FIRST_ROUND_MS + 99 * MINUTE_MS, LATER), run: runIdOf(before[1], run) };
  const after = await everyFormat(later);
  for (const [at, format] of FORMATS.entries()) assertEquals([format, after[at]], [format, before[at]]);
  assertEquals(await Promise.all(looks.map((each) => look(later, each))), closer);
  // As things are now it is another page, and by the limits of now.
  const now = await reportQuality({ ...later, run: undefined, format: "json" });
  assertEquals([now.passed, JSON.parse(now.text).since], [true, {
    ingested: 0,
    unmerged: 0,
    waiting: null,
    isRefused: false,
  }]);
});

function runIdOf(json: string | undefined, beginning: string): string {
  const { run, since, madeAt } = JSON.parse(json ?? "{}");
  assertEquals([run.runId.startsWith(beginning), since, madeAt], [true, null, run.generatedAt]);
  return run.runId;
}

Deno.test("the limits that a run was recorded by stand in the table of results, with rows that break them", async () => {
  await using broker = await brokerWith([], 1);
  const lake = { broker, storeOf: memoryFolder() };
  await runRound(lake, 0);
  const results = await openTable(lake.storeOf(TABLE_PATHS.results), { clock: () => 0, ids: () => "reader" });
  const rows = (await Promise.all([...results.snapshot.files.values()].map((add) => results.readRows(add))))
    .flat();
  const found = rows.find(({ rule_id }) => rule_id === "T3") ?? {};
  const [sample] = [found.samples].flat();
  assertEquals([found.outcome, found.failed, Object(sample).rowNumber], ["failed", 1n, 0]);
  assertEquals(rows.filter(({ samples }) => [samples].flat().length > 0).length, 1);
});

Deno.test("where files of a version were removed the report is whole without their rows, and says what to do", async () => {
  await using broker = await brokerWith([], 1);
  const lake = { broker, storeOf: memoryFolder() };
  for (const minute of [0, 1]) await runRound(lake, minute);
  const clock = () => Date.UTC(2099, 0);
  const standard = await openTable(lake.storeOf(TABLE_PATHS.standard), { clock, ids: () => "vacuum" });
  await vacuumTable(standard, { retentionMs: 0, force: true });
  const options = { ...optionsOf(lake, FIRST_ROUND_MS), run: "previous" };
  const { text } = await reportQuality({ ...options, format: "text" });
  assertMatch(
    text.replace(/\s+/g, " "),
    /cannot be shown: version \d+ of the standard table .*KEEP_FILES_HOURS/,
  );
  assertMatch(text, /\nFAILED: /);
  for (const each of [{ explain: "T3" }, { by: "station" }] as const) {
    await assertRejects(() => look(options, each), Error, "KEEP_FILES_HOURS");
  }
});

Deno.test("runs are listed with IDs to name them by; a wrong or doubtful name is told with those that there are", async () => {
  await using broker = await brokerWith([], 1);
  const lake = { broker, storeOf: memoryFolder() };
  for (const minute of [0, 1, 2]) await runRound(lake, minute);
  const options = optionsOf(lake, FIRST_ROUND_MS);
  const list = (await look(options, { runs: true })).split("\n");
  assertMatch(list[1] ?? "", /^minute2-\S* +2025-02-17T05:02:00Z +FAILED +\d+\.\d\d +\d+ +trains$/);
  assertEquals(list.length, 5);
  const ids = (await lookCloser({ diff: false, runs: true }, { ...options, format: "json" }) ?? "").split(
    "\n",
  )
    .map((line): string => JSON.parse(line).runId);
  assertEquals(ids.map((id) => id.slice(0, 8)), ["minute2-", "minute1-", "minute0-"]);
  const timeOf = async (run: string) =>
    /run of (\S+?),/.exec((await reportQuality({ ...options, run, format: "text" })).text)?.[1]?.slice(
      11,
      16,
    );
  assertEquals([await timeOf("latest"), await timeOf("previous"), await timeOf("minute0")], [
    "05:02",
    "05:01",
    "05:00",
  ]);
  await assertRejects(() => timeOf("nine"), UsageError, `found no run whose ID begins so`);
  await assertRejects(() => timeOf("nine"), UsageError, `${ids[0]} (2025-02-17T05:02`);
  await assertRejects(
    () => timeOf("minute"),
    UsageError,
    "found 3 runs whose IDs begin so, expected one: minute2",
  );
});

Deno.test("a run is compared with the one before it, or with one that is named", async () => {
  await using broker = await brokerWith([], 1);
  const lake = { broker, storeOf: memoryFolder() };
  for (const minute of [0, 1, 2]) await runRound(lake, minute);
  const options = optionsOf(lake, FIRST_ROUND_MS);
  const times = async (run: string | undefined, more: Partial<CloserLook>) =>
    [...(await look({ ...options, run }, more)).matchAll(/(?:then|now) +run of 2025-02-17T05:(\d\d)/g)].map((
      [, at],
    ) => at);
  assertEquals(await times("minute1", { diff: true }), ["00", "01"]);
  assertEquals(await times(undefined, { diff: true, baseline: "minute0" }), ["00", "02"]);
  assertEquals(await times(undefined, { baseline: "previous" }), ["01", "02"]);
  assertEquals(await times("minute0", { baseline: "latest" }), ["02", "00"]);
  await assertRejects(() => times("minute0", { diff: true }), Error, "found fewer than two runs");
  await assertRejects(
    () => times(undefined, { baseline: "x", since: { atMs: 0 } }),
    UsageError,
    "expected one of",
  );
});
