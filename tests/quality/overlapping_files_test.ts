/** Doubled rows are found wherever they stand: in one file, in two files of a date, in files that others wrote. */
import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { appendFile, createTable, MemoryStore, openTable, tableSchema } from "../../lib/delta/mod.ts";
import { measureRun } from "../../lib/quality/measure_run.ts";
import { countAcrossFiles } from "../../lib/quality/overlapping_files.ts";
import { STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { countsTag, type RowCounter, rowsTag } from "../../lib/tables/count_tags.ts";
import { openLakeTables } from "../../lib/tables/lake_tables.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { countReads } from "./counted_reads.ts";
import { testContext } from "../delta/test_context.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, TOPIC } from "../pipeline/process_rig.ts";

/** A lake of so many files per date without doubled rows. */
async function lakeOf(batches: 1 | 2) {
  const round = makeRound(30, 1, FIRST_ROUND_MS);
  await using broker = await brokerWith(round.slice(0, 15), 1);
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf });
  if (batches === 1) return storeOf;
  await broker.publish(TOPIC, round.slice(15));
  await runProcess({ broker, storeOf });
  return storeOf;
}

async function duplicatesIn(storeOf: Awaited<ReturnType<typeof lakeOf>>): Promise<number> {
  const tables = await openLakeTables(storeOf, testContext());
  const identity = { runId: "", topic: TOPIC, generatedAt: new Date(0), lag: 0 };
  return (await measureRun(tables, STANDARD_COUNTER, identity)).duplicateRecords;
}

Deno.test("trains of one date in several files are no doubled rows, and no file is read to know it", async () => {
  const storeOf = await lakeOf(2);
  const table = await openTable(storeOf(TABLE_PATHS.standard), testContext());
  const perDate = Map.groupBy(
    table.snapshot.files.values(),
    ({ partitionValues }) => partitionValues.departureDate,
  );
  assertEquals([...perDate.values()].some((files) => files.length > 1), true);
  const counted = countReads(table);
  assertEquals([
    await countAcrossFiles(counted.table, STANDARD_COUNTER),
    counted.reads(),
    await duplicatesIn(storeOf),
  ], [
    0,
    0,
    0,
  ]);
});

for (const [batches, isTagged] of [[1, true], [2, true], [2, false]] as const) {
  const writer = `${isTagged ? "our own tags" : "no tags, as another engine's"}, beside ${batches}`;
  Deno.test(`rows that stand in two files are counted, each once (${writer})`, async () => {
    const storeOf = await lakeOf(batches);
    const table = await openTable(storeOf(TABLE_PATHS.standard), testContext());
    const [add] = table.snapshot.files.values();
    if (add === undefined) throw new Error("no file");
    const rows = await table.readFile(add);
    // Two of them stand twice in the new file itself.
    const copy = pl.concat([rows.head(7), rows.head(2)]);
    const tags = isTagged ? { tags: rowsTag(STANDARD_COUNTER)(copy) } : {};
    const staged = await table.stageFile(copy.drop("departureDate"), {
      partitionValues: add.partitionValues,
      ...tags,
    });
    await appendFile(table, staged, { rows: 9 });
    assertEquals(await duplicatesIn(storeOf), 9);
  });
}

const ROWS = tableSchema({ departureDate: "date", trainNumber: "long", trainTravelId: "string" });
const COUNTER: RowCounter = { set: "test", count: () => ({}), keys: () => [] };

function doubled(ids: readonly string[]): number {
  return ids.length - new Set(ids).size;
}

Deno.test("rows are doubled across files as a naive reader finds them, however many files a date has", async () => {
  const random = seededRandom(92);
  for (let round = 0; round < 40; round++) {
    const definition = { schema: ROWS, partitionColumns: ["departureDate"] };
    const table = await createTable(new MemoryStore(), definition, testContext());
    const perDate: string[][] = [[], []];
    let within = 0;
    for (let file = 0; file < 1 + round % 5; file++) {
      const date = Math.floor(random() * 2);
      const ids = Array.from(
        { length: 1 + Math.floor(random() * 4) },
        () => `${1 + Math.floor(random() * 4)} ${Math.floor(random() * 2)}`,
      );
      const trains = ids.map((id) => Number(id.split(" ")[0]));
      const rows = pl.DataFrame([
        pl.Series("trainNumber", trains, pl.Int64),
        pl.Series("trainTravelId", ids, pl.Utf8),
      ]);
      const tags = random() < 0.8 ? countsTag(COUNTER, { duplicates: doubled(ids) }, trains) : {};
      const partitionValues = { departureDate: `2025-02-1${date}` };
      await appendFile(table, await table.stageFile(rows, { partitionValues, tags }), { rows: ids.length });
      perDate[date]?.push(...ids);
      within += doubled(ids);
    }
    const expected = perDate.reduce((sum, ids) => sum + doubled(ids), 0) - within;
    assertEquals([round, await countAcrossFiles(table, COUNTER)], [round, expected]);
  }
});
