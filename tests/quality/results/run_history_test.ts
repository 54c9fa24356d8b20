import { assertEquals } from "@std/assert";
import {
  addColumns,
  appendFile,
  createTable,
  MemoryStore,
  openTable,
  optimizeTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { readNewestRun, readRuns, recordRun } from "../../../lib/quality/results/run_history.ts";
import { type RunRecord, runRow, RUNS_SCHEMA } from "../../../lib/tables/run_record.ts";
import { runsOfTag, runsTagOf } from "../../../lib/tables/run_tag.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { testContext } from "../../delta/test_context.ts";
import { makeReport } from "../../report/made_up_report.ts";

const RUN: RunRecord = {
  ...makeReport({}, { offsets: 1245, expired: 0 }).run,
  uncounted: {
    V3: { outcome: "skipped", reason: "there is no list: run 12" },
    C2: { outcome: "error", reason: "7" },
  },
};

function runAt(minute: number): RunRecord {
  return { ...RUN, runId: `run-${minute}`, generatedAt: new Date(Date.UTC(2025, 1, 17, 5, minute)) };
}

async function newRuns() {
  const store = new MemoryStore();
  return { store, runs: await createTable(store, { schema: RUNS_SCHEMA }, testContext()) };
}

Deno.test("a run comes back as it was recorded, every count and time", async () => {
  const { store, runs } = await newRuns();
  await recordRun(runs, runAt(7));
  assertEquals(await readNewestRun(await openTable(store, testContext())), runAt(7));
});

Deno.test("of many runs the newest by time is read, in whatever order they were recorded", async () => {
  const { store, runs } = await newRuns();
  for (const minute of [3, 9, 1, 4]) await recordRun(runs, runAt(minute));
  assertEquals((await readNewestRun(await openTable(store, testContext())))?.runId, "run-9");
});

Deno.test("the newest runs come the oldest of them first, also where their files were joined, and older files stay closed", async () => {
  const { store, runs } = await newRuns();
  for (const minute of [1, 2, 3, 4]) await recordRun(runs, runAt(minute));
  await optimizeTable(runs);
  for (const minute of [5, 9, 7, 8]) await recordRun(runs, runAt(minute));
  const reopened = await openTable(store, testContext());
  const idsOf = async (limit: number) => (await readRuns(reopened, limit)).map(({ runId }) => runId);
  assertEquals(await idsOf(6), ["run-3", "run-4", "run-5", "run-7", "run-8", "run-9"]);
  assertEquals(await idsOf(100), [1, 2, 3, 4, 5, 7, 8, 9].map((minute) => `run-${minute}`));
  for (const { path, stats } of reopened.snapshot.files.values()) {
    if (JSON.parse(stats ?? "{}").numRecords === 4) await store.remove(path);
  }
  assertEquals(await idsOf(4), ["run-5", "run-7", "run-8", "run-9"]);
});

Deno.test("what the log says of a run is what its file says, and what another writer put there is not believed", async () => {
  const { runs } = await newRuns();
  const odd = { ...runAt(7), ruleSet: null, units: null, tableVersions: null, newestMessageTime: null };
  for (const run of [runAt(6), { ...odd, schemaDrift: { '$."\u0000ä': 2 ** 53 - 1 } }]) {
    await recordRun(runs, run);
  }
  const files = [...runs.snapshot.files.values()];
  for (const add of files) {
    const { tags: _, ...untagged } = add;
    assertEquals(runsOfTag(add), { rows: [...await runs.readRows(untagged)], isWhole: true });
    assertEquals(runsOfTag(untagged), null);
    const broken = [
      "",
      "[]",
      "null",
      "{}",
      "[{}]",
      '[{"run_id":"a","landed":"many"}]',
      '[{"run_id":"a","landed":0.5}]',
    ];
    for (const text of broken) assertEquals(runsOfTag({ ...add, tags: { "ratalake.runs": text } }), null);
  }
});

Deno.test("whatever runs there are and however they were joined, as many as are asked for come in order", async () => {
  const random = seededRandom(3);
  for (let round = 0; round < 3; round++) {
    const { store, runs } = await newRuns();
    const minutes: number[] = [];
    for (let i = 0; i < 30 + 20 * round; i++) {
      // Some at the same moment, some late.
      minutes.push(Math.floor(random() * 200));
      await recordRun(runs, { ...runAt(minutes[i] ?? 0), runId: `run-${String(i).padStart(3, "0")}` });
      if (random() < 0.06) {
        await optimizeTable(runs, { describeRows: random() < 0.8 ? runsTagOf : () => ({}) });
      }
    }
    const expected = minutes.map((minute, i) => ({ minute, id: `run-${String(i).padStart(3, "0")}` }))
      .sort((a, b) => a.minute - b.minute || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
    const reopened = await openTable(store, testContext());
    for (const limit of [1, 7, 39, 40, 41, 1000]) {
      const ids = (await readRuns(reopened, limit)).map(({ runId }) => runId);
      assertEquals([round, limit, ids], [round, limit, expected.slice(-limit)]);
    }
  }
});

Deno.test("of runs that were joined the newest are read from the log", async () => {
  const { store, runs } = await newRuns();
  for (let minute = 0; minute < 50; minute++) await recordRun(runs, runAt(minute));
  await optimizeTable(runs, { describeRows: runsTagOf });
  const before = await readRuns(runs, 40);
  for (const { path } of await store.list("part-")) await store.remove(path);
  assertEquals(await readRuns(await openTable(store, testContext()), 40), before);
});

Deno.test("before the first run there is none", async () => {
  assertEquals(await readNewestRun((await newRuns()).runs), null);
});

Deno.test("a column that somebody adds while the run is measured does not lose its record", async () => {
  const { store, runs } = await newRuns();
  await addColumns(await openTable(store, testContext("other")), tableSchema({ note: "string" }).fields);
  await recordRun(runs, runAt(7));
  const reopened = await openTable(store, testContext());
  assertEquals([reopened.snapshot.files.size, await readNewestRun(reopened)], [1, runAt(7)]);
});

Deno.test("an expired offset is told of by one run, also when two runs find it at the same moment", async () => {
  const { store, runs } = await newRuns();
  const found = { ...RUN, account: { ...RUN.account, expired: 5 } };
  assertEquals((await recordRun(runs, RUN)).newlyExpired, 0);
  const [one, other] = [
    await openTable(store, testContext("one")),
    await openTable(store, testContext("other")),
  ];
  assertEquals((await recordRun(one, { ...found, runId: "one" })).newlyExpired, 5);
  assertEquals((await recordRun(other, { ...found, runId: "other" })).newlyExpired, 0);
  const later = { ...RUN, account: { ...RUN.account, expired: 7 } };
  assertEquals((await recordRun(await openTable(store, testContext("later")), later)).newlyExpired, 2);
  // A run that measured before the others takes back nothing of what was told.
  assertEquals((await recordRun(await openTable(store, testContext("slow")), found)).newlyExpired, 0);
  assertEquals((await recordRun(await openTable(store, testContext("last")), later)).newlyExpired, 0);
});

Deno.test("a run of a version that knew no kinds of offsets without a message has them all as expired", async () => {
  const store = new MemoryStore();
  const later = new Set(["expired", "gaps", "newly_expired"]);
  const fields = RUNS_SCHEMA.fields.filter(({ name }) => !later.has(name));
  const runs = await createTable(store, { schema: { ...RUNS_SCHEMA, fields } }, testContext());
  const { expired: _, gaps: __, newly_expired: ___, ...row } = runRow(runAt(7));
  await appendFile(runs, await runs.stageRows([{ ...row, published: 1245n, landed: 1240n }]), { rows: 1 });
  const { account, newlyExpired } = await readNewestRun(await openTable(store, testContext())) ?? RUN;
  assertEquals([account.offsets, account.landed, account.expired, account.gaps, newlyExpired], [
    1245,
    1240,
    5,
    0,
    0,
  ]);
});
