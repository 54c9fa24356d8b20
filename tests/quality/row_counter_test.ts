import { assert, assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import type { Column, Columns } from "../../lib/delta/mod.ts";
import { REQUIRED_COLUMNS, STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { rounds } from "../rounds.ts";

/** A row as a naive reader sees it; times in minutes, parts of minutes included. */
interface Row {
  readonly trainNumber: number | null;
  readonly rowNumber: number;
  readonly stationShortCode: string | null;
  readonly type: string | null;
  readonly scheduled: number | null;
  readonly actual: number | null;
  readonly estimate: number | null;
  readonly difference: number | null;
  readonly id: string;
}

/** When the messages were written. */
const MESSAGE_MINUTE = 100;
const MICROS = 60_000_000;

function maybe<T>(random: Random, share: number, value: T): T | null {
  return random() < share ? value : null;
}

function makeRows(random: Random, count: number): readonly Row[] {
  return Array.from({ length: count }, (_, rowNumber) => {
    const scheduled = maybe(random, 0.95, Math.floor(random() * 400) / 2);
    const actual = maybe(random, 0.5, (scheduled ?? 0) + Math.floor(random() * 40 - 15) / 4);
    const estimate = maybe(random, 0.5, (scheduled ?? 0) + Math.floor(random() * 40 - 15) / 4);
    const known = actual ?? estimate;
    const right = known === null || scheduled === null ? 0 : Math.floor(known - scheduled + 0.5);
    return {
      trainNumber: maybe(random, 0.97, 1 + Math.floor(random() * 3)),
      rowNumber,
      stationShortCode: maybe(random, 0.9, random() < 0.1 ? "" : "HKI"),
      type: maybe(random, 0.9, random() < 0.1 ? "" : "ARRIVAL"),
      scheduled,
      actual,
      estimate,
      difference: maybe(random, 0.8, right + (random() < 0.2 ? 1 : 0)),
      id: String(Math.floor(random() * count * 3)),
    };
  });
}

function toFrame(rows: readonly Row[]): pl.DataFrame {
  const longs = (name: string, values: readonly (number | null)[]) => pl.Series(name, [...values], pl.Int64);
  const times = (name: string, minutes: readonly (number | null)[]) =>
    longs(name, minutes.map((minute) => minute === null ? null : minute * MICROS)).cast(
      pl.Datetime("us", "UTC"),
    );
  return pl.DataFrame([
    longs("trainNumber", rows.map(({ trainNumber }) => trainNumber)),
    longs("rowNumber", rows.map(({ rowNumber }) => rowNumber)).cast(pl.Int32),
    longs("departureDate", rows.map(() => 1)).cast(pl.Int32).cast(pl.Date),
    pl.Series("stationShortCode", rows.map(({ stationShortCode }) => stationShortCode), pl.Utf8),
    pl.Series("type", rows.map(({ type }) => type), pl.Utf8),
    pl.Series("trainTravelId", rows.map(({ id }) => id), pl.Utf8),
    times("scheduledTime", rows.map(({ scheduled }) => scheduled)),
    times("actualTime", rows.map(({ actual }) => actual)),
    times("liveEstimateTime", rows.map(({ estimate }) => estimate)),
    times("kafkaMessageTimestamp", rows.map(() => MESSAGE_MINUTE)),
    longs("differenceInMinutes", rows.map(({ difference }) => difference)),
  ]);
}

/** The same rows as a validated chunk has them. */
function toColumns(rows: readonly Row[]): Columns {
  const length = rows.length;
  const presentOf = (values: readonly unknown[]) =>
    values.includes(null) ? Uint8Array.from(values, (value) => value === null ? 0 : 1) : null;
  const longs = (values: readonly (number | null)[]): Column => {
    const all = BigInt64Array.from(values, (value) => BigInt(value ?? 99));
    return { kind: "int64", length, present: presentOf(values), halves: new Int32Array(all.buffer) };
  };
  const times = (minutes: readonly (number | null)[]) =>
    longs(minutes.map((minute) => minute === null ? null : minute * MICROS));
  const words = (values: readonly (string | null)[]): Column => {
    const known = [...new Set(values.map((value) => value ?? "ARRIVAL"))];
    const codes = Int32Array.from(values, (value) => known.indexOf(value ?? "ARRIVAL"));
    return { kind: "words", length, present: presentOf(values), codes, words: known };
  };
  const ids = rows.map(({ id }) => new TextEncoder().encode(id));
  const ends = new Int32Array(length + 1);
  ids.forEach((id, row) => ends[row + 1] = (ends[row] ?? 0) + id.length);
  const bytes = Uint8Array.from(ids.flatMap((id) => [...id]));
  return {
    trainNumber: longs(rows.map(({ trainNumber }) => trainNumber)),
    departureDate: { kind: "int32", length, present: null, values: new Int32Array(length).fill(1) },
    stationShortCode: words(rows.map(({ stationShortCode }) => stationShortCode)),
    type: words(rows.map(({ type }) => type)),
    scheduledTime: times(rows.map(({ scheduled }) => scheduled)),
    actualTime: times(rows.map(({ actual }) => actual)),
    liveEstimateTime: times(rows.map(({ estimate }) => estimate)),
    kafkaMessageTimestamp: times(rows.map(() => MESSAGE_MINUTE)),
    differenceInMinutes: longs(rows.map(({ difference }) => difference)),
    trainTravelId: { kind: "bytes", length, present: null, ends, bytes },
    rowNumber: {
      kind: "int32",
      length,
      present: null,
      values: Int32Array.from(rows, ({ rowNumber }) => rowNumber),
    },
  };
}

/** Each train's rows side by side, numbered from 0, as a chunk has them. */
function inRoutes(rows: readonly Row[]): readonly Row[] {
  const trains = Map.groupBy(rows, ({ trainNumber }) => trainNumber);
  return [...trains].filter(([trainNumber]) => trainNumber !== null).flatMap(([, mine]) =>
    mine.map((row, rowNumber) => ({ ...row, rowNumber }))
  );
}

/** The rules in plain words, row by row. */
function countOneByOne(rows: readonly Row[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const add = (name: string, holds: boolean) => counts[name] = (counts[name] ?? 0) + (holds ? 1 : 0);
  const routes = rows.toSorted((a, b) =>
    (a.trainNumber ?? -1) - (b.trainNumber ?? -1) || a.rowNumber - b.rowNumber
  );
  routes.forEach((row, i) => {
    const { scheduled, actual, estimate, difference } = row;
    add("missing.trainNumber", row.trainNumber === null);
    add("missing.scheduledTime", scheduled === null);
    for (const name of ["stationShortCode", "type"] as const) {
      add(`missing.${name}`, row[name] === null);
      add(`empty.${name}`, row[name] === "");
    }
    const known = actual ?? estimate;
    const isComplete = known !== null && scheduled !== null && difference !== null;
    add(
      "anomaly.differenceInMinutes_mismatch",
      isComplete && Math.floor(known - scheduled + 0.5) !== difference,
    );
    add("anomaly.actualTime_in_future", actual !== null && actual > MESSAGE_MINUTE + 2);
    const before = routes[i - 1];
    const isSameTrain = before !== undefined && row.trainNumber !== null &&
      before.trainNumber === row.trainNumber;
    const isOut = isSameTrain && scheduled !== null && before.scheduled !== null &&
      scheduled < before.scheduled;
    add("anomaly.scheduledTime_out_of_order", isOut);
  });
  const nonzero = Object.entries(counts).filter(([, count]) => count > 0);
  const distinct = new Set(rows.map(({ id }) => id)).size;
  return { rows: rows.length, duplicates: rows.length - distinct, ...Object.fromEntries(nonzero) };
}

/** What the naive reader counts; rules_test.ts has the others. */
function countedHere(counts: Readonly<Record<string, number>>): Record<string, number> {
  const others =
    /^(trains|stops)$|^(units|category)\.|^anomaly\.(?!scheduledTime_out|actualTime_in|differenceIn)/;
  return Object.fromEntries(Object.entries(counts).filter(([name]) => !others.test(name)));
}

Deno.test("one pass counts what a naive reader counts, in whatever order the rows lie", () => {
  const random = seededRandom(91);
  for (let round = 0; round < rounds(30); round++) {
    const rows = makeRows(random, 1 + Math.floor(random() * 60));
    const mixed = rows.map((row) => ({ row, place: random() })).sort((a, b) => a.place - b.place).map((
      { row },
    ) => row);
    const expected = Object.entries(countOneByOne(rows)).sort();
    assertEquals({
      round,
      counts: Object.entries(countedHere(STANDARD_COUNTER.count(toFrame(mixed)))).sort(),
    }, {
      round,
      counts: expected,
    });
  }
});

Deno.test("columns of whole routes have the counts that a naive reader finds and that a frame of them has, and the same keys", () => {
  const random = seededRandom(92);
  for (let round = 0; round < rounds(20); round++) {
    const rows = inRoutes(makeRows(random, Math.floor(random() * 90)));
    const found = STANDARD_COUNTER.countColumns(toColumns(rows));
    const expected = rows.length === 0 ? { rows: 0 } : countOneByOne(rows);
    assertEquals({ round, counts: Object.entries(countedHere(found)).sort() }, {
      round,
      counts: Object.entries(expected).sort(),
    });
    assertEquals(found, STANDARD_COUNTER.count(toFrame(rows)));
    const keys = [...new Set(rows.flatMap(({ trainNumber }) => trainNumber ?? []))];
    assertEquals([...STANDARD_COUNTER.keysOfColumns(toColumns(rows))].sort(), keys.sort());
  }
});

Deno.test("a route that lies backwards is put in order, also where nothing stands before its rows or has no number", () => {
  const [row] = makeRows(seededRandom(93), 1);
  assert(row !== undefined);
  const plain = { ...row, trainNumber: 1, actual: null, estimate: null, difference: null, type: "ARRIVAL" };
  // Along the route the time goes back; as the rows lie it does not.
  const route = [[1, 10], [0, 20]].map(([rowNumber = 0, scheduled = 0]) => {
    return { ...plain, rowNumber, scheduled, stationShortCode: "HKI", id: `${rowNumber}` };
  });
  const nobody = {
    ...plain,
    trainNumber: null,
    rowNumber: 0,
    scheduled: 5,
    stationShortCode: "HKI",
    id: "nobody",
  };
  for (const rows of [route, [nobody, ...route], [...route, nobody]]) {
    assertEquals(STANDARD_COUNTER.count(toFrame(rows))["anomaly.scheduledTime_out_of_order"], 1);
  }
});

Deno.test("no rows have no counts, and every required column is looked at", () => {
  assertEquals(STANDARD_COUNTER.count(toFrame([])), { rows: 0 });
  assert(REQUIRED_COLUMNS.length === 5);
});
