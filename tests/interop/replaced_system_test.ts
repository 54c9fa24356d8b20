/**
 * What Apache Spark made of a recording, against what this pipeline makes of it. The message times are left out: they
 * are when each system published the recording, not part of it.
 */
import { assertEquals } from "@std/assert";
import { compareRows } from "./compare_rows.ts";
import { makePipelineFolder, type PipelineFolder, type PlainRow, readTableRows } from "./pipeline_folder.ts";
import { RECORDING, SPARK_TABLES, whyNoSharedData } from "./shared_data.ts";
import { testUnless } from "./test_unless.ts";

const reason = await whyNoSharedData();

testUnless(reason, {
  name: "a recording gives what Spark made of it, and again nothing but duplicates",
  fn: async (t) => {
    await using folder = await makePipelineFolder();
    const first = await takeRecording(folder);
    await t.step("every message is in, none is lost", () => {
      assertEquals(first.passed, true);
      const { offsets, landed, accepted, duplicate, quarantined, standardRows } = first.run.account;
      assertEquals([offsets, landed, accepted, duplicate, quarantined, standardRows], [
        ...[RECORDING.trains, RECORDING.trains, RECORDING.trains],
        ...[0, 0, RECORDING.rows],
      ]);
    });
    const standard = await folder.rows("standard");
    await t.step("the standard rows equal Spark's, column by column", async () => {
      const spark = await readTableRows(`${SPARK_TABLES}/standard_zone/trains_travel`);
      assertEquals(spark.length, RECORDING.rows);
      const columns = Object.keys(spark[0] ?? {}).filter((name) => name !== "kafkaMessageTimestamp");
      assertEquals(columns.length, 28);
      const ours = standard.map(withSparkCauses);
      assertEquals(compareRows(ours, spark, { key: ["trainTravelId"], columns }), []);
    });
    await t.step("the quality counts equal Spark's", async () => {
      const [ours = {}] = await folder.rows("runs");
      const [spark = {}] = await readTableRows(`${SPARK_TABLES}/quality_zone/trains_travel`);
      assertEquals(ours.total_train_travel_records, spark.total_train_travel_records);
      assertEquals(ours.duplicate_records, spark.duplicate_records);
      for (const [map, size] of [["missing_values", 5], ["anomalies", 2]] as const) {
        const theirs = Object.entries(countsOf(spark, map));
        assertEquals(theirs.length, size);
        const found = countsOf(ours, map);
        assertEquals(theirs.map(([name]) => [name, found[name]]), theirs);
      }
    });
    await t.step("the landed text equals Spark's but for the way JSON is spaced", async () => {
      const ours = await folder.rows("landing");
      const spark = await readTableRows(`${SPARK_TABLES}/landing_zone/trains_travel`);
      const trains = (rows: readonly PlainRow[]) =>
        rows.map(({ jsonValue }) => JSON.stringify(JSON.parse(String(jsonValue)))).toSorted();
      assertEquals(trains(ours), trains(spark));
    });
    const second = await takeRecording(folder);
    await t.step("the same recording again changes no row and is counted as duplicates", async () => {
      const { landed, accepted, duplicate, standardRows } = second.run.account;
      assertEquals([landed, accepted, duplicate, standardRows], [
        ...[2 * RECORDING.trains, RECORDING.trains],
        ...[RECORDING.trains, RECORDING.rows],
      ]);
      assertEquals(second.passed, true);
      const key = ["departureDate", "trainNumber", "rowNumber"];
      assertEquals(compareRows(await folder.rows("standard"), standard, { key }), []);
    });
  },
});

interface ReportJson {
  readonly passed: boolean;
  readonly run: { readonly account: Readonly<Record<string, number>> };
}

async function takeRecording(folder: PipelineFolder): Promise<ReportJson> {
  await folder.print("replay", ["--fetched-at", RECORDING.fetchedAt, RECORDING.path]);
  await folder.print("process", []);
  return JSON.parse(await folder.print("report", ["--json"]));
}

/** The replaced system knew no third category. */
function withSparkCauses(row: PlainRow): PlainRow {
  const causes = Array.isArray(row.causes) ? row.causes.map(sparkCause) : row.causes;
  return { ...row, causes };
}

function sparkCause(cause: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { categoryCode, detailedCategoryCode, categoryCodeId, detailedCategoryCodeId } = cause;
  return { categoryCode, detailedCategoryCode, categoryCodeId, detailedCategoryCodeId };
}

/** A map column comes as a list of entries. */
function countsOf(row: PlainRow, column: string): Readonly<Record<string, string>> {
  const entries = row[column];
  if (!Array.isArray(entries)) throw new TypeError(`${column} is no map`);
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}
