/** Each rule on rows: a good train breaks none, and each way to spoil it breaks the rule that is meant. */
import { assert, assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { fitFrame, frameOfColumns } from "../../lib/delta/mod.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { CAUSES } from "../../lib/simulator/causes.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { STATIONS } from "../../lib/simulator/stations.ts";
import { STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { brokenRules, namedByRule, rowsOfTrains } from "./count_trains.ts";
import { SIMULATED_COUNTER } from "./simulated_counter.ts";

/** Minutes after 2025-02-17T05:00:00Z at which the message was written. */
const WRITTEN = 60;
const START = Date.parse("2025-02-17T05:00:00Z");

function at(minute: number): string {
  return new Date(START + minute * 60_000).toISOString();
}

/** Six seconds later, as a device writes it. */
function seen(minute: number): string {
  return at(minute + 0.1);
}

/** A row of a train that has run 2 minutes late. */
function row(station: string, type: string, minute: number) {
  return {
    ...{
      stationShortCode: station,
      stationUICCode: STATIONS.get(station)?.stationUICCode,
      countryCode: "FI",
      type,
      trainStopping: true,
    },
    ...{
      commercialStop: true as boolean | undefined,
      cancelled: false,
      scheduledTime: at(minute),
      unknownDelay: false,
    },
    actualTime: seen(minute + 2) as string | undefined,
    liveEstimateTime: undefined as string | undefined,
    differenceInMinutes: 2 as number | undefined,
    causes: [] as unknown[],
    trainReady: { source: "PHONE", accepted: true, timestamp: at(0) } as unknown,
  };
}

/** A commuter train whose three legs are done. */
function goodTrain() {
  return {
    ...{ trainNumber: 7, departureDate: "2025-02-17", operatorUICCode: 10, operatorShortCode: "vr" },
    ...{ trainType: "HL", trainCategory: "Commuter", commuterLineID: "R", runningCurrently: false },
    ...{ cancelled: false, version: 1, timetableType: "REGULAR" },
    timeTableRows: [
      row("HKI", "DEPARTURE", 0),
      row("PSL", "ARRIVAL", 5),
      row("PSL", "DEPARTURE", 6),
      row("TKL", "ARRIVAL", 12),
      row("TKL", "DEPARTURE", 13),
      row("RI", "ARRIVAL", 40),
    ],
  };
}

type Train = ReturnType<typeof goodTrain>;
type Row = Train["timeTableRows"][number];

/** The train with one row changed; `place` counts from the end when it is negative. */
function withRow(place: number, change: Partial<Row>): (train: Train) => Train {
  return (train) => ({
    ...train,
    timeTableRows: train.timeTableRows.map((row, i, all) =>
      i === (place < 0 ? all.length + place : place) ? { ...row, ...change } : row
    ),
  });
}

/** The train as it stands after the row at this place: nothing is known of what comes. */
function after(place: number, train: Train): Train {
  return {
    ...train,
    runningCurrently: true,
    timeTableRows: train.timeTableRows.map((row, i) =>
      i <= place ? row : { ...row, actualTime: undefined, liveEstimateTime: at(60 + i) }
    ).map((row, i) => i <= place ? row : { ...row, differenceInMinutes: differenceOf(row) }),
  };
}

function differenceOf({ scheduledTime, liveEstimateTime = "" }: Row): number {
  return Math.round((Date.parse(liveEstimateTime) - Date.parse(scheduledTime)) / 60_000);
}

const KNOWN_CAUSE = { categoryCode: "L", categoryCodeId: CAUSES[0]?.categoryCodeId };
const CANCELLED = { cancelled: true, actualTime: undefined, differenceInMinutes: undefined };

/** Ways to spoil the good train, and what each breaks. */
const SPOILED:
  readonly (readonly [name: string, spoil: (train: Train) => unknown, broken: Record<string, number>])[] = [
    ["no type", (train) => ({ ...train, trainType: undefined }), { S3b: 1 }],
    ["an empty category", (train) => ({ ...train, trainCategory: "" }), { S3b: 1 }],
    ["a station of number 100000", withRow(0, { stationUICCode: 100_000 }), { V2b: 1, V3: 1 }],
    ["a station of number 0", withRow(0, { stationUICCode: 0 }), { V2b: 1, V3: 1 }],
    [
      "forty minutes early at its first station",
      withRow(0, { actualTime: seen(-40), differenceInMinutes: -40 }),
      { A1: 1 },
    ],
    [
      "an arrival planned before the departure",
      withRow(1, { scheduledTime: at(-1), differenceInMinutes: 8 }),
      { C1: 1, C16: 1, M4: 1 },
    ],
    [
      "a departure planned before the arrival",
      withRow(2, { scheduledTime: at(4), differenceInMinutes: 4 }),
      { C1: 1, C4: 1 },
    ],
    ["a station that is passed through another", withRow(2, { stationShortCode: "ILR" }), { C5: 1, V3: 1 }],
    [
      "a route without its last arrival",
      (train) => ({ ...train, timeTableRows: train.timeTableRows.slice(0, -1) }),
      { C5: 1 },
    ],
    [
      "a route that begins with an arrival",
      (train) => ({ ...train, timeTableRows: train.timeTableRows.slice(1) }),
      { C5: 1 },
    ],
    ["said to be cancelled", (train) => ({ ...train, cancelled: true }), { C9: 1 }],
    [
      "cancelled at every row and not as a whole",
      (train) => ({ ...train, timeTableRows: train.timeTableRows.map((row) => ({ ...row, ...CANCELLED })) }),
      { C9: 1 },
    ],
    ["a stop that is neither commercial nor not", withRow(1, { commercialStop: undefined }), { C10: 1 }],
    ["a commercial stop where it does not stop", withRow(1, { trainStopping: false }), { C10: 1 }],
    ["the date of the day before", (train) => ({ ...train, departureDate: "2025-02-16" }), { C11: 1 }],
    ["an arrival after the next departure", withRow(1, { actualTime: seen(9), differenceInMinutes: 4 }), {
      C2: 1,
      C4b: 1,
    }],
    [
      "an estimate before the last actual time",
      (train) => withRow(3, { liveEstimateTime: at(7), differenceInMinutes: -5 })(after(2, train)),
      { C3: 1 },
    ],
    [
      "an estimate before the one of the row before",
      (train) => withRow(4, { liveEstimateTime: at(20), differenceInMinutes: 7 })(after(2, train)),
      { C3: 1, C4b: 1 },
    ],
    ["a difference that is a minute too much", withRow(3, { differenceInMinutes: 3 }), { C6: 1 }],
    ["a time that rounds up to the next minute", withRow(3, { actualTime: at(14.5) }), { C6: 1 }],
    [
      "a difference of nothing",
      (train) => withRow(4, { liveEstimateTime: undefined })(after(2, train)),
      { C7: 1, M5: 1 },
    ],
    ["cancelled where it was", withRow(3, { cancelled: true }), { C8: 1 }],
    ["running after its end", (train) => ({ ...train, runningCurrently: true }), { C12: 1 }],
    ["not running in the middle", (train) => ({ ...after(2, train), runningCurrently: false }), { C12: 1 }],
    ["passed without a time", withRow(3, { actualTime: undefined, differenceInMinutes: undefined }), {
      M1: 1,
      M2: 1,
    }],
    [
      "passed without stopping and without a time",
      withRow(3, {
        ...{ trainStopping: false, commercialStop: undefined },
        ...{ actualTime: undefined, differenceInMinutes: undefined },
      }),
      { M2: 1 },
    ],
    ["a time without seconds", withRow(3, { actualTime: at(14) }), { A3: 1 }],
    ["a station that is in no list", withRow(-1, { stationShortCode: "XYZ" }), { V3: 1 }],
    ["a station under the number of another", withRow(0, { stationUICCode: 10 }), { V3: 1 }],
    ["a type that is in no list", (train) => ({ ...train, trainType: "XX" }), { V4: 1 }],
    ["a category that is in no list", (train) => ({ ...train, trainCategory: "Ferry" }), { V4: 1 }],
    [
      "an operator and a type that are in no list",
      (train) => ({ ...train, operatorShortCode: "nobody", trainType: "XX" }),
      { V4: 1 },
    ],
    [
      "two causes of which no list has the one, and the other by its detail",
      withRow(3, {
        causes: [KNOWN_CAUSE, { categoryCodeId: 1 }, { ...KNOWN_CAUSE, detailedCategoryCodeId: 2 }],
      }),
      { V5: 2 },
    ],
    [
      "twelve kilometres in less than a minute",
      withRow(3, { actualTime: at(9.05), differenceInMinutes: -3 }),
      { C15: 1 },
    ],
    [
      "twelve kilometres planned for half a minute",
      withRow(3, { scheduledTime: at(6.5), differenceInMinutes: 8, causes: [KNOWN_CAUSE] }),
      { C15: 1 },
    ],
    ["twelve kilometres in no time", withRow(3, { actualTime: seen(8), differenceInMinutes: -4 }), {
      C16: 1,
    }],
    [
      "late by five minutes without a cause",
      withRow(-1, { actualTime: seen(45), differenceInMinutes: 5 }),
      { M4: 1 },
    ],
    [
      "left without a word of the driver",
      withRow(0, { trainReady: { source: "PHONE", accepted: false, timestamp: at(0) } }),
      { M6: 1 },
    ],
    ["left without being ready at all", withRow(0, { trainReady: undefined }), { M6: 1 }],
    [
      "an actual time three minutes after the message",
      withRow(-1, { actualTime: seen(WRITTEN + 3), differenceInMinutes: 23 }),
      { T3: 1, M4: 1 },
    ],
  ];

/** Ways in which another engine may spoil a row of the table; messages like this end in quarantine. */
const SPOILED_ROWS: readonly (readonly [name: string, column: pl.Expr, broken: string])[] = [
  ["no operator", pl.lit(null).cast(pl.Utf8).alias("operatorShortCode"), "S3"],
  ["an empty operator", pl.lit("").alias("operatorShortCode"), "S3"],
  ["no station number", pl.lit(null).cast(pl.Int64).alias("stationUICCode"), "S4"],
  ["an empty country", pl.lit("").alias("countryCode"), "S4"],
  ["no word of stopping", pl.lit(null).cast(pl.Bool).alias("cancelled"), "S4"],
  ["the number 0", pl.lit(0).cast(pl.Int64).alias("trainNumber"), "V2"],
  ["the number 100000", pl.lit(100_000).cast(pl.Int64).alias("trainNumber"), "V2"],
];

for (const [name, spoil, broken] of SPOILED) {
  Deno.test(`a train with ${name} breaks ${Object.keys(broken).join(" and ")}, and no other rule`, async () => {
    assertEquals(await brokenBy([{ ...goodTrain(), trainNumber: 6 }, spoil(goodTrain())], WRITTEN), broken);
  });
}

for (const [name, column, id] of SPOILED_ROWS) {
  Deno.test(`rows with ${name} break ${id}, and no other rule`, async () => {
    const columns = await rowsOfTrains([goodTrain()], START + WRITTEN * 60_000);
    const frame = frameOfColumns(columns, STANDARD_SCHEMA.fields);
    const counts = SIMULATED_COUNTER.count(fitFrame(frame, STANDARD_SCHEMA).withColumns(column));
    const units = RULES.find((rule) => rule.id === id)?.grain === "train" ? 1 : 6;
    assertEquals(namedByRule(counts)[id], units);
    assertEquals(Object.keys(namedByRule(counts)), [id]);
  });
}

Deno.test("a frame has the counts of the columns that it was made from, in whatever order its rows lie", async () => {
  const trains = SPOILED.map(([, spoil], i) =>
    Object.assign({}, spoil(goodTrain()), { trainNumber: 100 + i })
  );
  const columns = await rowsOfTrains(trains, START + WRITTEN * 60_000);
  const frame = fitFrame(frameOfColumns(columns, STANDARD_SCHEMA.fields), STANDARD_SCHEMA);
  const counts = SIMULATED_COUNTER.countColumns(columns);
  assertEquals(SIMULATED_COUNTER.count(frame), counts);
  assertEquals(SIMULATED_COUNTER.count(frame.sort("scheduledTime")), counts);
});

Deno.test("a good train breaks no rule, however far it has come", async () => {
  assertEquals(await brokenBy([goodTrain()], WRITTEN), {});
  for (const place of [0, 1, 2, 3, 4]) {
    assertEquals(await brokenBy([after(place, goodTrain())], WRITTEN), {}, `${place}`);
  }
});

Deno.test("a train without a last time has ended an hour after its plan, unless it is cancelled there", async () => {
  const open = after(4, goodTrain());
  assertEquals(await brokenBy([open], 100), {});
  assertEquals(await brokenBy([open], 101), { M3: 1 });
  const short = withRow(5, { cancelled: true, liveEstimateTime: undefined, differenceInMinutes: undefined })(
    open,
  );
  assertEquals(await brokenBy([{ ...short, runningCurrently: false }], 101), {});
});

Deno.test("a cause on any row is a cause of the train; cargo needs none", async () => {
  const late = withRow(-1, { actualTime: seen(45), differenceInMinutes: 5 })(goodTrain());
  assertEquals(await brokenBy([withRow(1, { causes: [{ categoryCode: "L" }] })(late)], WRITTEN), {});
  assertEquals(await brokenBy([{ ...late, trainCategory: "Cargo" }], WRITTEN), {});
});

Deno.test("delays are measured by the category: cargo may be ten hours early", async () => {
  const early = (minutes: number, trainCategory: string) => ({
    ...withRow(0, { actualTime: seen(-minutes), differenceInMinutes: -minutes })(goodTrain()),
    trainCategory,
  });
  assertEquals(await brokenBy([early(30, "Commuter")], WRITTEN), {});
  assertEquals(await brokenBy([early(600, "Cargo")], WRITTEN), {});
  assertEquals(await brokenBy([early(601, "Cargo")], WRITTEN), { A1: 1 });
});

Deno.test("every rule on rows is broken above", () => {
  const broken = new Set([
    ...SPOILED.flatMap(([, , rules]) => Object.keys(rules)),
    ...SPOILED_ROWS.map(([, , id]) => id),
  ]);
  const onRows = RULES.filter(({ count }) => count.from === "rows").map(({ id }) => id);
  assertEquals(onRows.filter((id) => !broken.has(id)), ["M3"]);
});

Deno.test("a simulated day breaks no error rule, at any hour, and of the warnings those that it means to", async () => {
  const seen = new Set<string>();
  for (const hour of [3, 9, 15, 21]) {
    const atMs = Date.parse("2025-03-29T00:00:00Z") + hour * 3_600_000;
    const rows = await rowsOfTrains([...simulateTrains({ seed: hour, trains: 300, atMs })], atMs);
    for (const id of Object.keys(brokenRules(rows))) seen.add(id);
  }
  const errors = RULES.filter(({ severity, id }) => severity === "E" && seen.has(id));
  assertEquals(errors.map(({ id }) => id), []);
  assert(seen.size > 0);
});

async function brokenBy(
  trains: readonly unknown[],
  minute: number,
): Promise<Readonly<Record<string, number>>> {
  return brokenRules(await rowsOfTrains(trains, START + minute * 60_000));
}
