/** Each run's results are in the table once, whoever died or was faster between the two commits. */
import { assertEquals } from "@std/assert";
import {
  appendFile,
  createTable,
  MemoryStore,
  openTable,
  optimizeTable,
  type Store,
} from "../../../lib/delta/mod.ts";
import type { Policy } from "../../../lib/quality/policy.ts";
import { readPolicy } from "../../../lib/quality/read_policy.ts";
import { readLimitsUsed } from "../../../lib/quality/results/read_limits_used.ts";
import { recordResults, type ResultTables } from "../../../lib/quality/results/record_results.ts";
import { counterSource } from "../../../lib/quality/standard_counter.ts";
import { RULES } from "../../../lib/quality/rules.ts";
import { recordRun } from "../../../lib/quality/results/run_history.ts";
import { openLakeTable } from "../../../lib/tables/open_lake_table.ts";
import { RESULTS_SCHEMA } from "../../../lib/tables/rule_result_row.ts";
import { type RunRecord, RUNS_SCHEMA } from "../../../lib/tables/run_record.ts";
import { STANDARD_SCHEMA } from "../../../lib/tables/standard_schema.ts";
import { Death, DyingStore, fatesOf } from "../../delta/dying_store.ts";
import { testContext } from "../../delta/test_context.ts";
import { makeReport } from "../../report/made_up_report.ts";

const RUN = makeReport().run;
const NO_POLICY: Policy = new Map();
const SCHEMAS = { runs: RUNS_SCHEMA, results: RESULTS_SCHEMA, standard: STANDARD_SCHEMA };

type Name = keyof typeof SCHEMAS;
type Stores = Readonly<Record<Name, Store>>;

function runAt(minute: number): RunRecord {
  return { ...RUN, runId: `run-${minute}`, generatedAt: new Date(Date.UTC(2025, 1, 17, 5, minute)) };
}

async function newStores(): Promise<Stores> {
  const stores = { runs: new MemoryStore(), results: new MemoryStore(), standard: new MemoryStore() };
  for (const name of ["runs", "results", "standard"] as const) {
    await createTable(stores[name], { schema: SCHEMAS[name] }, testContext());
  }
  return stores;
}

async function open(stores: Stores, process: string) {
  const of = (name: Name) => openTable(stores[name], testContext(process));
  const counter = counterSource();
  return { runs: await of("runs"), results: await of("results"), standard: await of("standard"), counter };
}

/** What a process does at its end. */
async function finish(stores: Stores, process: string, run: RunRecord): Promise<void> {
  const tables = await open(stores, process);
  await recordResults(tables, await recordRun(tables.runs, run), { policy: NO_POLICY, durationSeconds: 0.5 });
}

async function rowsOf({ results }: Stores): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const table = await openTable(results, testContext("reader"));
  const files = [...table.snapshot.files.values()];
  return (await Promise.all(files.map((add) => table.readRows(add)))).flat();
}

/** Runs with the numbers of their rows. */
async function countsOf(stores: Stores): Promise<Readonly<Record<string, number>>> {
  const groups = Map.groupBy(await rowsOf(stores), ({ run_id }) => String(run_id));
  return Object.fromEntries([...groups].map(([id, rows]) => [id, rows.length]).sort());
}

function all(...minutes: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(minutes.map((minute) => [`run-${minute}`, RULES.length]));
}

Deno.test("a run has one row per rule, with its counts, the limits that were used and the versions judged", async () => {
  const stores = await newStores();
  const tables = await open(stores, "a");
  const limit = { severity: "E", operator: "mustBeLessThan", value: 0.5, unit: "percent" } as const;
  const found = { ...runAt(1), anomalies: { ...RUN.anomalies, actualTime_out_of_order: 49 } };
  const policy = new Map([["C2", [limit]]]);
  await recordResults(tables, await recordRun(tables.runs, found), { policy, durationSeconds: 0.5 });
  const rows = await rowsOf(stores);
  assertEquals(rows.map(({ rule_id }) => rule_id).sort(), RULES.map(({ id }) => id).sort());
  const row = rows.find(({ rule_id }) => rule_id === "C2") ?? {};
  assertEquals([row.run_id, row.segment, row.severity, row.outcome], ["run-1", null, "E", "passed"]);
  assertEquals([row.failed, row.units, row.share], [49n, 49_000n, 0.001]);
  assertEquals(row.thresholds, [{ ...limit, part: null }]);
  const versions = [row.landing_version, row.quarantine_version, row.standard_version, row.batches_version];
  assertEquals(versions, [3n, 1n, 3n, 3n]);
});

Deno.test("the limits and the schema policy by which a run was recorded are read back as they were", async () => {
  const texts = [
    "quality:\n  - { rule: C2, severity: error, unit: percent, mustBeLessThan: 0.5 }\n",
    "schema: { fields: discard_value, values: freeze, known: [$.a, '$.timetableType=X'] }\n",
    "schema: { fields: discard_row, values: discard_row }\n",
    "schema: freeze\nquality:\n  - { rule: M1, severity: info, mustBeLessOrEqualTo: 3 }\n",
    "# nothing\n",
  ];
  for (const text of texts) {
    const stores = await newStores();
    const { policy } = readPolicy(text, "quality.yaml");
    const tables = await open(stores, "a");
    await recordResults(tables, await recordRun(tables.runs, runAt(1)), { policy, durationSeconds: 0 });
    const used = await readLimitsUsed(await openTable(stores.results, testContext()), runAt(1));
    assertEquals([text, [...used ?? []].sort(), used?.schema], [text, [...policy].sort(), policy.schema]);
    assertEquals(await readLimitsUsed(await openTable(stores.results, testContext()), runAt(2)), null);
  }
});

Deno.test("a process that dies at any operation between run and results leaves them to the next, which writes each once", async () => {
  const counted = await newStores();
  const watched = new DyingStore(counted.results);
  await finish({ ...counted, results: watched }, "a", runAt(1));
  for (const fate of fatesOf(watched.operations)) {
    const stores = await newStores();
    await finish({ ...stores, results: new DyingStore(stores.results, fate) }, "a", runAt(1))
      .catch((error) => assertEquals(isDeath(error), true, String(error)));
    // It may have died when it opened the table, before there was a run.
    const before = (await openTable(stores.runs, testContext("reader"))).snapshot.files.size === 1 ? [1] : [];
    await finish(stores, "b", runAt(2));
    assertEquals([fate, await countsOf(stores)], [fate, all(...before, 2)]);
  }
});

function isDeath(error: unknown): boolean {
  return error instanceof Error && (error instanceof Death || isDeath(error.cause));
}

Deno.test("of two processes at once each writes what the other has not, in every order", async () => {
  for (const order of ["abab", "abba", "aabb"]) {
    const stores = await newStores();
    const [a, b] = [await open(stores, "a"), await open(stores, "b")];
    const steps = { a: endOf(a, runAt(2)), b: endOf(b, runAt(1)) };
    for (const process of order) await (process === "a" ? steps.a : steps.b).next();
    assertEquals([order, await countsOf(stores)], [order, all(1, 2)]);
    await finish(stores, "c", runAt(3));
    assertEquals([order, await countsOf(stores)], [order, all(1, 2, 3)]);
  }
});

/** The two steps of a process that ends. */
async function* endOf(tables: ResultTables, run: RunRecord): AsyncGenerator<void> {
  const record = await recordRun(tables.runs, run);
  yield;
  await recordResults(tables, record, { policy: NO_POLICY, durationSeconds: 0.5 });
  yield;
}

Deno.test("runs whose files were joined meanwhile are caught up, and those of versions without results are not", async () => {
  const stores = await newStores();
  const { runs } = await open(stores, "a");
  for (const minute of [1, 2, 3]) await recordRun(runs, { ...runAt(minute), tableVersions: null });
  for (const minute of [4, 5]) await recordRun(runs, runAt(minute));
  await optimizeTable(runs);
  await finish(stores, "b", runAt(6));
  assertEquals(await countsOf(stores), all(4, 5, 6));
  await optimizeTable((await open(stores, "c")).results);
  await optimizeTable((await open(stores, "c")).runs);
  await finish(stores, "d", runAt(7));
  assertEquals(await countsOf(stores), all(4, 5, 6, 7));
});

Deno.test("results that were deleted come again, of the runs there are; so do those of a runs table that was made anew", async () => {
  const stores = await newStores();
  for (const minute of [1, 2]) await finish(stores, `a${minute}`, runAt(minute));
  const results = new MemoryStore();
  await createTable(results, { schema: RESULTS_SCHEMA }, testContext());
  await finish({ ...stores, results }, "b", runAt(3));
  assertEquals(await countsOf({ ...stores, results }), all(1, 2, 3));
  const runs = new MemoryStore();
  await createTable(runs, { schema: RUNS_SCHEMA }, testContext("other"));
  await finish({ ...stores, runs }, "c", runAt(4));
  assertEquals(await countsOf(stores), all(1, 2, 4));
});

Deno.test("how long it took to measure is told of the run that was measured, not of those that were caught up", async () => {
  const stores = await newStores();
  const { runs } = await open(stores, "a");
  await recordRun(runs, runAt(1));
  await finish(stores, "b", runAt(2));
  const durations = (await rowsOf(stores)).map((row) => `${row.run_id}: ${row.duration_seconds}`);
  assertEquals([...new Set(durations)].sort(), ["run-1: null", "run-2: 0.5"]);
});

Deno.test("a table of results from before there were durations and schema policies is gone on with", async () => {
  const stores = await newStores();
  const results = new MemoryStore();
  const fields = RESULTS_SCHEMA.fields.filter(({ name }) => !/^(duration_seconds|schema_policy)$/.test(name));
  const old = await createTable(results, { schema: { ...RESULTS_SCHEMA, fields } }, testContext());
  const row = Object.fromEntries(fields.map(({ name }) => [name, name === "run_id" ? "run-0" : null]));
  await appendFile(old, await old.stageRows([row]), { rows: 1 });
  await openLakeTable(results, { schema: RESULTS_SCHEMA }, testContext("b"));
  await finish({ ...stores, results }, "b", runAt(1));
  assertEquals(await countsOf({ ...stores, results }), { "run-0": 1, ...all(1) });
  const durations = (await rowsOf({ ...stores, results })).map((row) =>
    `${row.run_id}: ${row.duration_seconds}`
  );
  assertEquals([...new Set(durations)].sort(), ["run-0: null", "run-1: 0.5"]);
});
