/** Where rules are broken: as the whole table says it, up to a limit, and without columns that no rule asks for. */
import { assert, assertEquals } from "@std/assert";
import { appendFile, createTable, type DeltaTable, MemoryStore } from "../../../lib/delta/mod.ts";
import { countSegments } from "../../../lib/quality/count_segments.ts";
import {
  PICTURED,
  segmentFailures,
  UNASKED_COLUMNS,
} from "../../../lib/quality/pictures/segment_failures.ts";
import { RULES } from "../../../lib/quality/rules.ts";
import { simulateTrains } from "../../../lib/simulator/simulate_trains.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../../../lib/tables/standard_schema.ts";
import { countTraffic } from "../../../lib/quality/traffic/count_traffic.ts";
import { TrainRows } from "../../../lib/tables/rows/train_rows.ts";
import { testContext } from "../../delta/test_context.ts";
import { SIMULATED_COUNTER } from "../simulated_counter.ts";
import { rowsOfTrains } from "../count_trains.ts";

const ALL = { rules: RULES, counter: SIMULATED_COUNTER };
const AT = Date.parse("2025-02-17T11:00:00Z");

/** A table with a file per departure date; here and there a time is missing. */
async function makeTable(): Promise<DeltaTable> {
  const definition = { schema: STANDARD_SCHEMA, partitionColumns: [STANDARD_PARTITION] };
  const table = await createTable(new MemoryStore(), definition, testContext());
  const trains = [...simulateTrains({ seed: 3, trains: 90, trainsPerDay: 30, atMs: AT })].map((
    train,
    at,
  ) => ({
    ...train,
    timeTableRows: train.timeTableRows.map((row, place) =>
      (at + place) % 11 === 0 ? { ...row, actualTime: undefined } : row
    ),
  }));
  for (const [date, some] of Map.groupBy(trains, ({ departureDate }) => departureDate)) {
    const columns = await rowsOfTrains(some, AT);
    const add = await table.stageColumns(columns, { partitionValues: { [STANDARD_PARTITION]: date } });
    await appendFile(table, add, {
      rows: some.reduce((sum, { timeTableRows }) => sum + timeTableRows.length, 0),
    });
  }
  return table;
}

Deno.test("of a small table all rows are counted, as one by one", async () => {
  const table = await makeTable();
  const found = await segmentFailures(table, { ...ALL, mostRows: Infinity });
  assertEquals(found.rows, found.allRows);
  const sorted = (segments: typeof found.by.station) =>
    segments.toSorted((a, b) => a.value < b.value ? -1 : 1);
  for (const by of PICTURED) {
    assertEquals(sorted(found.by[by]), sorted((await countSegments(table, { by, ...ALL })).segments));
  }
});

Deno.test("of a large one only the newest dates are read, whole files, and one in any case", async () => {
  const table = await makeTable();
  const files = [...table.snapshot.files.values()];
  const sizes = new Map<string, number>();
  for (const add of files) {
    sizes.set(add.partitionValues[STANDARD_PARTITION] ?? "", await table.countRows(add));
  }
  const [newest = "", second = ""] = [...sizes.keys()].sort().reverse();
  const one = await segmentFailures(table, { ...ALL, mostRows: 1 });
  assertEquals([one.rows, one.since], [sizes.get(newest), newest]);
  const most = (sizes.get(newest) ?? 0) + (sizes.get(second) ?? 0);
  const two = await segmentFailures(table, { ...ALL, mostRows: most });
  assertEquals([two.rows, two.since, two.allRows], [
    most,
    second,
    [...sizes.values()].reduce((a, b) => a + b),
  ]);
  assertEquals(two.by.station.reduce((sum, { units }) => sum + units.row, 0), most);
});

Deno.test("no rule, and no figure of the traffic, asks for a column that is not read", async () => {
  const asked = new Set<string | symbol>();
  const columns = new Proxy(await rowsOfTrains([...simulateTrains({ seed: 1, trains: 20, atMs: AT })], AT), {
    get: (all, name) => {
      asked.add(name);
      return Reflect.get(all, name);
    },
  });
  const rows = new TrainRows(columns);
  // Its arguments were checked, all of them.
  asked.clear();
  for (const { count } of RULES) {
    if (count.from !== "rows") continue;
    count.breaks(rows, SIMULATED_COUNTER.lists);
    count.units?.(rows, SIMULATED_COUNTER.lists);
  }
  countTraffic(rows);
  assert(asked.has("actualTime") && asked.has("causes"));
  assertEquals(UNASKED_COLUMNS.filter((name) => asked.has(name)), []);
  const known = STANDARD_SCHEMA.fields.map(({ name }) => name);
  assertEquals(UNASKED_COLUMNS.filter((name) => !known.includes(name)), []);
});
