/** What `quality_zone/rule_results` has beyond the whole: the newest departure dates apart, and how long it took. */
import { assertEquals, assertGreater } from "@std/assert";
import { openTable } from "../../lib/delta/mod.ts";
import { countSegments } from "../../lib/quality/count_segments.ts";
import { STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { FIRST_ROUND_MS, trainMessage } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess } from "./process_rig.ts";
import { rowsOf } from "./table_content.ts";

const MOST_DATES = 7;

/** Trains of ten dates, of which some rows tell of other delays than their times do, the more the later. */
function trainsOfTenDays() {
  const trains = [...simulateTrains({ seed: 3, trains: 60, trainsPerDay: 6, atMs: FIRST_ROUND_MS })];
  return trains.map((train, at) => ({
    ...train,
    timeTableRows: train.timeTableRows.map((row, place) =>
      place < at / 10 && row.differenceInMinutes != null
        ? { ...row, differenceInMinutes: row.differenceInMinutes + 30 }
        : row
    ),
  }));
}

Deno.test("a broken rule on rows has a row for each of the newest seven dates, with what a count of the rows gives", async () => {
  await using broker = await brokerWith(trainsOfTenDays().map((train) => trainMessage(train)));
  const storeOf = memoryFolder();
  let looks = 0;
  await runProcess({ broker, storeOf, maxBatchBytes: 1e9, monotonic: () => 5e9 + looks++ * 250 });
  const open = (name: "results" | "standard") =>
    openTable(storeOf(TABLE_PATHS[name]), { clock: () => 0, ids: () => "reader" });
  const rows = await rowsOf(await open("results"));
  const whole = rows.filter(({ segment }) => segment === null);
  assertEquals(whole.map(({ rule_id }) => rule_id).sort(), RULES.map(({ id }) => id).sort());

  const counted = { rules: RULES, counter: STANDARD_COUNTER };
  const { segments } = await countSegments(await open("standard"), { by: "departureDate", ...counted });
  const newest = segments.toSorted((a, b) => a.value < b.value ? -1 : 1).slice(-MOST_DATES);
  assertEquals([segments.length > MOST_DATES, newest.length], [true, MOST_DATES]);
  const onRows = RULES.filter(({ count }) => count.from === "rows");
  const broken = onRows.filter(({ id }) => segments.some(({ failures }) => (failures[id] ?? 0) > 0));
  assertGreater(broken.length, 3);
  const expected = broken.flatMap(({ id, grain }) =>
    newest.map(({ value, failures, units, ruleUnits }) => {
      const ofAll = Object.entries(units).find(([unit]) => unit === grain)?.[1];
      const segment = `departureDate=${value}`, failed = failures[id] ?? 0;
      return `${id} ${segment} ${failed} of ${ruleUnits[id] ?? ofAll ?? null}: ${
        failed === 0 ? "passed" : ""
      }`;
    })
  );
  const found = rows.filter(({ segment }) => segment !== null).map((row) =>
    `${row.rule_id} ${row.segment} ${row.failed} of ${row.units}: ${row.outcome === "passed" ? "passed" : ""}`
  );
  assertEquals(found.sort(), expected.sort());
  // One look at the clock before it is measured, and one after.
  assertEquals([...new Set(rows.map(({ duration_seconds }) => duration_seconds))], [0.25]);
});
