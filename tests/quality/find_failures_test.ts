/** Rows that break a rule are found by the counts of the files, and no other file is read. */
import { assert, assertEquals } from "@std/assert";
import {
  appendFile,
  appendFrame,
  createTable,
  type DeltaTable,
  frameOfColumns,
  MemoryStore,
} from "../../lib/delta/mod.ts";
import { findFailures } from "../../lib/quality/find_failures.ts";
import { STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { rowTags } from "../../lib/tables/count_tags.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { testContext } from "../delta/test_context.ts";
import { rowsOfTrains } from "./count_trains.ts";

/** A train of two rows; `early` minutes before its plan at the first. */
function train(departureDate: string, trainNumber: number, early: number) {
  const time = (minute: number) =>
    new Date(Date.parse(`${departureDate}T10:00:00Z`) + minute * 60_000).toISOString();
  const row = {
    stationUICCode: 1,
    countryCode: "FI",
    trainStopping: true,
    commercialStop: true,
    cancelled: false,
  };
  return {
    ...{
      trainNumber,
      departureDate,
      operatorUICCode: 1,
      operatorShortCode: "vr",
      trainType: "IC",
      version: 1,
    },
    ...{ trainCategory: "Long-distance", timetableType: "REGULAR", runningCurrently: true, cancelled: false },
    timeTableRows: [
      {
        ...row,
        stationShortCode: "HKI",
        type: "DEPARTURE",
        scheduledTime: time(0),
        actualTime: time(-early),
      },
      { ...row, stationShortCode: "TPE", type: "ARRIVAL", scheduledTime: time(90) },
    ],
  };
}

async function standardTable(): Promise<DeltaTable> {
  const definition = { schema: STANDARD_SCHEMA, partitionColumns: [STANDARD_PARTITION] };
  return await createTable(new MemoryStore(), definition, testContext());
}

async function append(table: DeltaTable, trains: readonly ReturnType<typeof train>[]): Promise<void> {
  const columns = await rowsOfTrains(trains, Date.parse("2025-03-01T00:00:00Z"));
  const tags = rowTags(STANDARD_COUNTER).ofColumns(columns);
  const partitionValues = { [STANDARD_PARTITION]: trains[0]?.departureDate ?? null };
  const add = await table.stageColumns(columns, { partitionValues, tags });
  await appendFile(table, add, { rows: 2 * trains.length });
}

function ruleOf(id: string) {
  const rule = RULES.find((candidate) => candidate.id === id);
  assert(rule?.count.from === "rows");
  return rule.count;
}

Deno.test("failing rows come with their train, time and message, those of the newest file first, and no more than asked for", async () => {
  const table = await standardTable();
  await append(table, [train("2025-02-01", 1, 0), train("2025-02-01", 2, 45)]);
  await append(table, [train("2025-02-02", 3, 0)]);
  await append(table, [train("2025-02-03", 4, 60), train("2025-02-03", 5, 31)]);
  const found = await findFailures(table, ruleOf("A1"), { counter: STANDARD_COUNTER, limit: 10 });
  assertEquals(found.map(({ departureDate, trainNumber, offset }) => [departureDate, trainNumber, offset]), [
    ["2025-02-03", 4, 0],
    ["2025-02-03", 5, 1],
    ["2025-02-01", 2, 1],
  ]);
  assertEquals(found[1], {
    ...{ departureDate: "2025-02-03", trainNumber: 5, trainType: "IC", rowNumber: 0, station: "HKI" },
    ...{ type: "DEPARTURE", scheduledTime: Date.parse("2025-02-03T10:00:00Z") * 1000 },
    ...{ actualTime: Date.parse("2025-02-03T09:29:00Z") * 1000, liveEstimateTime: null },
    ...{ differenceInMinutes: null, partition: 0, offset: 1 },
  });
  assertEquals((await findFailures(table, ruleOf("A1"), { counter: STANDARD_COUNTER, limit: 2 })).length, 2);
  assertEquals(await findFailures(table, ruleOf("C5"), { counter: STANDARD_COUNTER, limit: 2 }), []);
});

Deno.test("a file without failures is not opened", async () => {
  const table = await standardTable();
  await append(table, [train("2025-02-01", 1, 0)]);
  for (const add of table.snapshot.files.values()) await table.store.remove(decodeURIComponent(add.path));
  assertEquals(await findFailures(table, ruleOf("A1"), { counter: STANDARD_COUNTER, limit: 10 }), []);
});

Deno.test("files that another engine wrote carry no counts and are looked into, dates included", async () => {
  const table = await standardTable();
  const columns = await rowsOfTrains([train("2025-02-01", 7, 50)], Date.parse("2025-03-01T00:00:00Z"));
  await appendFrame(table, frameOfColumns(columns, STANDARD_SCHEMA.fields));
  const found = await findFailures(table, ruleOf("A1"), { counter: STANDARD_COUNTER, limit: 10 });
  assertEquals(found.map(({ departureDate, trainNumber }) => [departureDate, trainNumber]), [[
    "2025-02-01",
    7,
  ]]);
  assertEquals(await findFailures(table, ruleOf("C11"), { counter: STANDARD_COUNTER, limit: 10 }), []);
});
