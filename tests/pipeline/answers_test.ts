/** The tables of a lake as answers: what is read of them, and what is said where something is not there. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { appendFrame, createTable, frameOf, MemoryStore, openTable } from "../../lib/delta/mod.ts";
import { UsageError } from "../../lib/errors.ts";
import type { AnswerSource } from "../../lib/pipeline/answers/read_analysis.ts";
import { readPunctuality } from "../../lib/pipeline/answers/read_punctuality.ts";
import { punctualityPage } from "../../lib/answers/pictures/punctuality_page.ts";
import { stationPage } from "../../lib/answers/pictures/station_page.ts";
import { trainPage } from "../../lib/answers/pictures/train_page.ts";
import { delayText } from "../../lib/text/delay_text.ts";
import { readHeadlines } from "../../lib/pipeline/analysis/read_headlines.ts";
import { readCharts } from "../../lib/pipeline/pictures/read_charts.ts";
import { readStation } from "../../lib/pipeline/answers/read_station.ts";
import { readTrain } from "../../lib/pipeline/answers/read_train.ts";
import { METADATA_SCHEMAS } from "../../lib/tables/metadata_schemas.ts";
import { ANALYSIS_PATHS, METADATA_PATHS } from "../../lib/tables/table_paths.ts";
import { FIRST_ROUND_MS, makeRound } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf } from "./process_rig.ts";

const context = { clock: () => 0, ids: () => crypto.randomUUID() };
const DAY_MS = 86_400_000;

/** Three days of the same trains. */
async function makeLake(trains = 12, dates = [0, 1, 2]): Promise<AnswerSource> {
  const storeOf = memoryFolder();
  const days = dates.flatMap((day) => makeRound(trains, 1, FIRST_ROUND_MS + day * DAY_MS));
  await using broker = await brokerWith(days);
  await runProcess({ broker, storeOf });
  return { storeOf, context };
}

const lake = await makeLake();

async function runRows({ storeOf }: AnswerSource = lake) {
  const table = await openTable(storeOf(ANALYSIS_PATHS.train_runs), context);
  const rows = await Promise.all([...table.snapshot.files.values()].map((add) => table.readRows(add)));
  return rows.flat();
}

async function addNames(storeOf: StoreOf): Promise<StoreOf> {
  const store = new MemoryStore();
  const table = await createTable(store, { schema: METADATA_SCHEMAS.stations }, context);
  const empty = Object.fromEntries(METADATA_SCHEMAS.stations.fields.map(({ name }) => [name, null]));
  const row = { ...empty, stationShortCode: "HKI", stationName: "Helsinki asema" };
  await appendFrame(table, frameOf([row], METADATA_SCHEMAS.stations));
  return (path) => path === METADATA_PATHS.stations ? store : storeOf(path);
}

Deno.test("a train's runs are found from the newest date backwards, as many as are asked for", async () => {
  const rows = await runRows();
  const [number = 0] = Map.groupBy(rows, (row) => Number(row.trainNumber)).entries()
    .filter(([, runs]) => runs.length > 2).next().value ?? [];
  const name = { type: null, number };
  const { runs, stops, stationNames } = await readTrain(lake, { name, last: 2 });
  const dates = rows.filter((row) => Number(row.trainNumber) === number).map((row) =>
    String(row.departureDate)
  );
  assertEquals(runs.map(({ date }) => date), dates.sort().reverse().slice(0, 2));
  assertEquals([stops[0]?.station, stops.at(-1)?.station], [runs[0]?.origin, runs[0]?.destination]);
  assertEquals(stationNames, null);
  const [, middle = ""] = dates;
  const before = await readTrain(lake, { name, last: 9, date: middle });
  assertEquals(before.runs.map(({ date }) => date), dates.filter((date) => date <= middle));
  const type = runs[0]?.type ?? "";
  assertEquals((await readTrain(lake, { name: { type, number }, last: 2 })).runs, runs);
  const other = () => readTrain(lake, { name: { type: "XYZ", number }, last: 2 });
  await assertRejects(
    other,
    Error,
    `found ${type} ${number} under that number, did you mean "${type} ${number}"?`,
  );
});

Deno.test("a train or a date that there is not is told with what there is", async () => {
  const [{ departureDate, trainNumber } = { departureDate: "", trainNumber: 0 }] = await runRows();
  const ask = (number: number, date?: string) =>
    readTrain(lake, { name: { type: null, number }, last: 1, date });
  await assertRejects(
    () => ask(99_999),
    Error,
    "found no train 99999 among those of the departure dates 2025-02-1",
  );
  await assertRejects(() => ask(Number(trainNumber), "2020-01-01"), Error, "expected --date among them");
  await assertRejects(
    () => ask(Number(trainNumber), "2030-01-01"),
    Error,
    "found no run of that date, expected one; the last one before is of 2025-02-",
  );
  assert(typeof departureDate === "string");
});

Deno.test("without tables each answer says which task makes them", async () => {
  const none = { storeOf: memoryFolder(), context };
  for (
    const ask of [
      () => readPunctuality(none, { by: "category" }),
      () => readTrain(none, { name: { type: null, number: 1 }, last: 1 }),
      () => readStation(none, { text: "TPE" }),
      () => readCharts(none, {}),
    ]
  ) {
    const { message } = await assertRejects(ask, Error);
    assertStringIncludes(message, "found no table");
    assertStringIncludes(message, "`deno task process`");
  }
});

Deno.test("without analyses, or with broken ones, each answer names the task that makes them of the rows", async () => {
  const lost = memoryFolder(), broken = new MemoryStore({ label: "broken" });
  await broken.put("_delta_log/00000000000000000000.json", new TextEncoder().encode('{"add":'));
  for (const [kind, found] of [["lost", lost(ANALYSIS_PATHS.train_runs)], ["broken", broken]] as const) {
    const other: AnswerSource = {
      storeOf: (path) => path.startsWith("analysis_zone/") ? found : lake.storeOf(path),
      context,
    };
    for (
      const ask of [
        () => readPunctuality(other, { by: "category" }),
        () => readTrain(other, { name: { type: null, number: 1 }, last: 1 }),
        () => readStation(other, { text: "TPE" }),
        () => readCharts(other, {}),
      ]
    ) {
      const { message } = await assertRejects(ask, Error);
      assertStringIncludes(message, `found ${kind === "lost" ? "no" : "a broken"} table`);
      assertStringIncludes(message, "`deno task analyse`");
    }
  }
});

Deno.test("a station is the one with that code, or with that name where names were fetched", async () => {
  const board = await readStation(lake, { text: "hki" });
  assertEquals([board.station, board.stationNames], ["HKI", null]);
  assert(board.visits.length > 0);
  const named = { ...lake, storeOf: await addNames(lake.storeOf) };
  const same = await readStation(named, { text: "Helsinki" });
  assertEquals([same.station, same.visits], ["HKI", board.visits]);
  // A station that is not in the metadata is one all the same.
  const { visits: [visit] } = board;
  const end = visit?.destination === "HKI" ? visit.origin : visit?.destination;
  assertEquals((await readStation(named, { text: end ?? "" })).station, end);
});

Deno.test("a station that there is not is a mistake of the call, a day without trains is none", async () => {
  const named = { ...lake, storeOf: await addNames(lake.storeOf) };
  await assertRejects(
    () => readStation(named, { text: "Helsnki" }),
    UsageError,
    "did you mean Helsinki (HKI)?",
  );
  await assertRejects(
    () => readStation(lake, { text: "Helsinki" }),
    UsageError,
    "`deno task fetch --metadata`",
  );
  await assertRejects(
    () => readStation(lake, { text: "HKI", date: "2020-01-01" }),
    Error,
    "found no train that halts there then, expected one; the tables have 2025-02-1",
  );
});

Deno.test("punctuality is of the dates that are asked for, and knows those that there would be", async () => {
  const all = await readPunctuality(lake, { by: "date" });
  const dates = all.groups.map(({ key }) => key);
  assert(dates.length > 2, String(dates));
  const [, second = ""] = dates;
  const some = await readPunctuality(lake, { by: "date", from: second, to: second });
  assertEquals(some.groups, all.groups.filter(({ key }) => key === second));
  assertEquals(some.knownDates, { first: all.firstDate, last: all.lastDate });
  const none = await readPunctuality(lake, { by: "category", from: "2030-01-01" });
  assertEquals([none.groups, none.all.trains, none.dates], [[], 0, 0]);
  const named = await readPunctuality({ ...lake, storeOf: await addNames(lake.storeOf) }, { by: "station" });
  assertEquals(named.groups.find(({ key }) => key === "HKI")?.name, "Helsinki asema");
});

Deno.test("all pictures of the newest date are drawn without a question, and of another as it is asked", async () => {
  const named = { ...lake, storeOf: await addNames(lake.storeOf) };
  const charts = await readCharts(named, {});
  const { knownDates } = await readPunctuality(lake, { by: "category" });
  assertEquals(charts.date, knownDates?.last);
  const first = knownDates?.first ?? "", rows = await runRows();
  const [run] = rows.filter(({ departureDate, origin, destination }) =>
    departureDate === first && origin !== destination
  );
  const line = `${run?.origin}-${run?.destination}`, train = { type: null, number: Number(run?.trainNumber) };
  const asked = await readCharts(named, { date: first, line, hours: { from: 0, to: 30 }, train });
  assert(asked.line.pictures.length === 2 && asked.line.numbers.rows.length > 0);
  assertStringIncludes(asked.line.finding, first);
  assertEquals(asked.runs.numbers.rows.map(([date]) => date), [first]);
  // One station has a row in the metadata, and that has no place.
  assertEquals(charts.map.pictures, []);
  assert(charts.legs.numbers.heads.length > 0 && charts.hours.pictures.length > 0);
  const { all } = await readPunctuality(lake, { by: "hour" });
  const sum = (column: number) =>
    charts.hours.numbers.rows.reduce((total, row) => total + Number(row[column]), 0);
  assertEquals([sum(1), sum(2)], [all.ran, all.onTime]);
  const missing = await readCharts(named, { train: { type: "XY", number: train.number } });
  assertEquals(missing.runs.finding, `There is no run of XY ${train.number} in the tables.`);
});

Deno.test("the demo's last lines say what punctuality and charts say of the same tables", async () => {
  const busy = await makeLake(150, [0]);
  const [onTime = "", mostLost = "", latest = ""] = await readHeadlines(busy);
  const { all } = await readPunctuality(busy, { by: "category", category: "long-distance" });
  assertStringIncludes(onTime, ` ${all.onTime} of ${all.ran} long-distance train`);
  const { date, legs } = await readCharts(busy, {});
  const [[leg = "", category, trains] = []] = legs.numbers.rows;
  const [, mean] = /: (\S+) in the mean of /.exec(legs.finding) ?? [];
  assertStringIncludes(
    mostLost.replace(/\s+/g, " "),
    `${`${leg}`.replace(" – ", " to ")}: ${mean}, mean of ${trains} ` +
      `${`${category}`.toLowerCase()} trains on ${date}`,
  );
  const worst = (await runRows(busy)).filter(({ trainCategory }) =>
    ["Long-distance", "Commuter"].includes(`${trainCategory}`)
  ).map(({ worstDelaySeconds }) => Number(worstDelaySeconds));
  assertStringIncludes(latest, `, ${delayText(Math.max(...worst))} at `);
  assertEquals(await readHeadlines({ storeOf: memoryFolder(), context }), []);
});

Deno.test("a line or a date of pictures that there is not is told with what there is", async () => {
  const named = { ...lake, storeOf: await addNames(lake.storeOf) };
  await assertRejects(
    () => readCharts(named, { date: "2020-01-01" }),
    Error,
    "found no such departure date, expected one from 2025-02-1",
  );
  await assertRejects(() => readCharts(named, { line: "HKI" }), UsageError, "found no hyphen");
  await assertRejects(() => readCharts(named, { line: "Helsnki-HKI" }), UsageError, "perhaps Helsinki (HKI)");
});

Deno.test("each answer is a page with its figures, whatever stations are called", async () => {
  const evil = "</text><script>alert(1)</script>";
  const answer = await readPunctuality(lake, { by: "hour" });
  const board = await readStation(lake, { text: "HKI" });
  const stationNames = new Map(
    board.visits.flatMap(({ origin, destination }) => [[origin ?? "", evil], [destination ?? "", evil]]),
  );
  const [{ trainNumber } = { trainNumber: 0 }] = await runRows();
  const train = await readTrain(lake, { name: { type: null, number: Number(trainNumber) }, last: 3 });
  const pages = [
    punctualityPage({ ...answer, groups: answer.groups.map((group) => ({ ...group, name: evil })) }),
    stationPage({ ...board, stationNames }),
    trainPage({ ...train, stationNames }),
    // Of what has nothing in it.
    punctualityPage(await readPunctuality(lake, { by: "category", from: "2030-01-01" })),
    stationPage({ ...board, visits: [], categories: [] }),
    trainPage({ runs: [], stops: [], stopsDate: null, stationNames: null }),
  ];
  for (const page of pages) {
    assertEquals(page.match(/<script|NaN|Infinity|undefined/), null);
    assertStringIncludes(page, "default-src 'none'");
    assertStringIncludes(page, "CC BY 4.0");
  }
  const [first = "", second = "", third = ""] = pages;
  for (const { ran, onTime } of answer.groups) {
    assert(first.includes(`<td class="n">${ran}</td><td class="n">${onTime}</td>`));
  }
  assertStringIncludes(second, `${board.visits.length} train`);
  assertEquals(third.match(/<th scope="row"><bdi>2025-/g)?.length, train.runs.length);
});
