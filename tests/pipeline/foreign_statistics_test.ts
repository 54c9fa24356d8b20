/** Statistics are optional in Delta, and another writer may leave them out, cut them or write what is no JSON. */

import { assertEquals } from "@std/assert";
import { openTable } from "../../lib/delta/mod.ts";
import { reportQuality } from "../../lib/pipeline/report_quality.ts";
import { TABLE_PATHS, type TableName } from "../../lib/tables/table_paths.ts";
import { makeLog, makeRound } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

const LOG = makeLog({ trains: 4 });
const LATER_MS = Date.UTC(2025, 1, 17, 6);
const CONTEXT = { clock: () => LATER_MS, ids: () => "reader" };

/** What becomes of the statistics of every file. */
const WRITERS: Readonly<Record<string, (stats: string) => string | undefined>> = {
  "leaves them out": () => undefined,
  "writes what is no JSON": (stats) => stats.slice(0, 20),
  "writes something else": () => '["numRecords"]',
  "counts no rows": (stats) => JSON.stringify({ ...JSON.parse(stats), numRecords: undefined }),
  "counts rows alone": (stats) => JSON.stringify({ numRecords: JSON.parse(stats).numRecords }),
};

/** Writes all commits of a table again, as another engine would have written them. */
async function rewriteStats(
  storeOf: StoreOf,
  name: TableName,
  change: (stats: string) => string | undefined,
) {
  const store = storeOf(TABLE_PATHS[name]);
  for (const { path } of await store.list("_delta_log/")) {
    if (!path.endsWith(".json")) continue;
    const lines = new TextDecoder().decode(await store.read(path)).trimEnd().split("\n").map((line) => {
      const action = JSON.parse(line);
      return JSON.stringify(
        action.add ? { add: { ...action.add, stats: change(action.add.stats) } } : action,
      );
    });
    await store.put(path, new TextEncoder().encode(`${lines.join("\n")}\n`));
  }
}

/** Processes a log, lets something happen to the tables, and processes what has come since. */
async function runTwice(storeOf: StoreOf, between: () => Promise<void>) {
  await using broker = await brokerWith(LOG);
  await runProcess({ broker, storeOf });
  await between();
  await broker.publish(TOPIC, makeRound(4, 1, LATER_MS));
  return (await runProcess({ broker, storeOf, startMs: LATER_MS })).run;
}

/** What is left where nothing happens between the runs. */
async function undisturbed() {
  const storeOf = memoryFolder();
  const run = await runTwice(storeOf, () => Promise.resolve());
  return { run, content: await readContent(storeOf) };
}

const PLAIN = await undisturbed();

for (const [name, change] of Object.entries(WRITERS)) {
  Deno.test(`a lake whose writer ${name} goes on, and every row is counted`, async () => {
    const foreign = memoryFolder();
    const run = await runTwice(foreign, async () => {
      for (const table of Object.keys(TABLE_PATHS)) await rewriteStats(foreign, table as TableName, change);
    });
    assertEquals(run?.account, PLAIN.run?.account);
    assertEquals(run?.newestMessageTime, PLAIN.run?.newestMessageTime);
    assertEquals(await readContent(foreign), PLAIN.content);
    const { passed, text } = await reportQuality({ storeOf: foreign, ...CONTEXT, format: "json" });
    const rows = JSON.parse(text).tables.map((table: { readonly rows: number }) => table.rows);
    assertEquals([passed, rows[0]], [true, PLAIN.run?.account.landingRows]);
    assertEquals((await openTable(foreign(TABLE_PATHS.standard), CONTEXT)).snapshot.files.size > 0, true);
  });
}
