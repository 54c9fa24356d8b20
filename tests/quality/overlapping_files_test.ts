/** Doubled rows are found wherever they stand: in one file, in two files of a date, in files that others wrote. */
import { assertEquals } from "@std/assert";
import { appendFile, openTable } from "../../lib/delta/mod.ts";
import { measureRun } from "../../lib/quality/measure_run.ts";
import { countAcrossFiles } from "../../lib/quality/overlapping_files.ts";
import { STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { rowsTag } from "../../lib/tables/count_tags.ts";
import { openLakeTables } from "../../lib/tables/lake_tables.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { testContext } from "../delta/test_context.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, TOPIC } from "../pipeline/process_rig.ts";

/** A lake of two files per date without doubled rows. */
async function lakeOfTwoBatches() {
  const round = makeRound(30, 1, FIRST_ROUND_MS);
  await using broker = await brokerWith(round.slice(0, 15), 1);
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  await broker.publish(TOPIC, round.slice(15));
  await runProcess({ broker, storeOf });
  return storeOf;
}

async function duplicatesIn(storeOf: Awaited<ReturnType<typeof lakeOfTwoBatches>>): Promise<number> {
  const tables = await openLakeTables(storeOf, testContext());
  const identity = { runId: "", topic: TOPIC, generatedAt: new Date(0), lag: 0 };
  return (await measureRun(tables, identity)).duplicateRecords;
}

Deno.test("trains of one date in several files are no doubled rows, and no file is read to know it", async () => {
  const storeOf = await lakeOfTwoBatches();
  const table = await openTable(storeOf(TABLE_PATHS.standard), testContext());
  const perDate = Map.groupBy(
    table.snapshot.files.values(),
    ({ partitionValues }) => partitionValues.departureDate,
  );
  assertEquals([...perDate.values()].some((files) => files.length > 1), true);
  let reads = 0;
  const counted = new Proxy(table, {
    get: (target, name) => {
      if (name === "readFile") reads++;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  assertEquals([await countAcrossFiles(counted, STANDARD_COUNTER), reads, await duplicatesIn(storeOf)], [
    0,
    0,
    0,
  ]);
});

for (const isTagged of [true, false]) {
  const writer = isTagged ? "our own tags" : "no tags, as another engine's";
  Deno.test(`rows that stand in two files are counted, each once (${writer})`, async () => {
    const storeOf = await lakeOfTwoBatches();
    const table = await openTable(storeOf(TABLE_PATHS.standard), testContext());
    const [add] = table.snapshot.files.values();
    if (add === undefined) throw new Error("no file");
    const rows = await table.readFile(add);
    const copy = rows.head(7);
    const tags = isTagged ? { tags: rowsTag(STANDARD_COUNTER)(copy) } : {};
    const staged = await table.stageFile(copy.drop("departureDate"), {
      partitionValues: add.partitionValues,
      ...tags,
    });
    await appendFile(table, staged, { rows: 7 });
    assertEquals(await duplicatesIn(storeOf), 7);
  });
}
