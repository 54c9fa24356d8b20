/** Who is on time, who is counted apart, and by what trains are told apart. */
import { assertEquals } from "@std/assert";
import { DelayCounts } from "../../lib/answers/delay_counts.ts";
import { PunctualityCounter } from "../../lib/answers/punctuality/punctuality.ts";
import type { Int64Values } from "../../lib/delta/mod.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { punctualityOf, run } from "./counted_trains.ts";

const COMMUTER = { trainCategory: "Commuter", commuterLineID: "A" };
const CARGO = { trainCategory: "Cargo" };

Deno.test("on time is long-distance up to 300 s, commuter below 180 s at both ends, freight up to 1800 s", async () => {
  for (
    const [fields, delays, onTime] of [
      [{}, [9999, 300], 1],
      [{}, [0, 301], 0],
      [COMMUTER, [179, 179], 1],
      [COMMUTER, [180, 0], 0],
      [COMMUTER, [0, 180], 0],
      [{ ...COMMUTER, commuterLineID: "Z" }, [179, 180], 0],
      [CARGO, [9999, 1800], 1],
      [CARGO, [-9999, -9999], 1],
      [CARGO, [0, 1801], 0],
    ] as const
  ) {
    const { all } = await punctualityOf([run(1, delays, fields)]);
    assertEquals([fields, delays, all.ran, all.onTime], [fields, delays, 1, onTime]);
  }
});

Deno.test("cancelled trains are apart and in the second share, unfinished ones in none, others are left out", async () => {
  const { all, groups, leftOut } = await punctualityOf([
    ...[run(1, [0, 0]), run(2, [0, 0]), run(3, [0, 900])],
    ...[run(4, [null, null], { cancelled: true }), run(5, [60, null], { marks: "-" })],
    ...[run(6, [60, null]), run(7, [null, 60], COMMUTER), run(8, [0, 0], { deleted: true })],
    run(9, [0, 0], { trainCategory: "Shunting" }),
  ]);
  const { trains, ran, onTime, cancelled, partlyCancelled, unfinished } = all;
  assertEquals([trains, ran, onTime, cancelled, partlyCancelled, unfinished], [7, 3, 2, 1, 1, 2]);
  assertEquals([all.onTimeShare, all.onTimeShareWithCancelled], [2 / 3, 2 / 5]);
  assertEquals([all.medianSeconds, all.meanSeconds, all.deviationSeconds, all.p95Seconds], [
    0,
    300,
    424.26,
    900,
  ]);
  assertEquals(leftOut, { deleted: 1, otherCategories: 1, ungrouped: 0 });
  assertEquals(groups.map(({ key, ran, unfinished }) => [key, ran, unfinished]), [
    ["longDistance", 3, 1],
    ["commuterAIKP", 0, 1],
  ]);
  assertEquals(groups[1]?.onTimeShare, null);
});

Deno.test("the hour and the weekday are those of a clock in Finland, over both clock changes", async () => {
  const leaving = [
    ["2025-03-30T00:59:00Z", "02", "7"],
    ["2025-03-30T01:00:00Z", "04", "7"],
    ["2025-10-26T00:30:00Z", "03", "7"],
    ["2025-10-26T01:30:00Z", "03", "7"],
    ["2025-02-16T21:59:00Z", "23", "7"],
    ["2025-02-16T22:00:00Z", "00", "1"],
    ["2025-07-01T20:59:59Z", "23", "2"],
    ["2025-07-01T21:00:00Z", "00", "3"],
  ] as const;
  for (const [leaves, hour, weekday] of leaving) {
    const trains = [run(1, [0, 0], { leaves })];
    const keys = await Promise.all((["hour", "weekday"] as const).map(async (by) => {
      return (await punctualityOf(trains, { by })).groups.map(({ key }) => key);
    }));
    assertEquals([leaves, keys], [leaves, [[hour], [weekday]]]);
  }
});

Deno.test("groups are lines, types, operators, final stations and dates; a question may be of some trains alone", async () => {
  const trains = [
    run(1, [0, 0], { ...COMMUTER, trainType: "HL" }),
    run(2, [0, 0], { ...COMMUTER, trainType: "HL", commuterLineID: "Z" }),
    run(3, [0, 0], { ...COMMUTER, trainType: "HLV", commuterLineID: "Z" }),
    run(4, [0, 0], { operatorShortCode: "__proto__" }),
  ];
  const by = { line: ["Z", "A"], type: ["HL", "HLV", "IC"], operator: ["vr", "__proto__"], station: ["TPE"] };
  for (const [name, keys] of Object.entries({ ...by, date: ["2025-02-17"] })) {
    const { groups, leftOut } = await punctualityOf(trains, { by: name as keyof typeof by });
    assertEquals([name, groups.map(({ key }) => key)], [name, keys]);
    assertEquals([name, leftOut.ungrouped], [name, name === "line" ? 1 : 0]);
  }
  const { all } = await punctualityOf(trains, { by: "category", category: "commuter", type: "hl" });
  assertEquals(all.trains, 2);
});

Deno.test("median, 95th percentile, mean and spread are those of the sorted list, however trains were added", () => {
  const random = seededRandom(5);
  for (const size of [...Array(60).keys(), 100, 200, 400, 3000].slice(1)) {
    // A few far beyond what is counted in flat buffers.
    const list = Array.from(
      { length: size },
      () => (Math.floor(random() * (size > 60 ? 900 : 90)) - 40) * (random() < 0.1 ? 1000 : 1),
    );
    const [ours, others] = [new DelayCounts(), new DelayCounts()];
    list.forEach((seconds, at) => (at % 3 === 0 ? ours : others).add(seconds));
    ours.addAll(others);
    const sorted = list.toSorted((a, b) => a - b);
    const mean = list.reduce((sum, seconds) => sum + seconds, 0) / size;
    const deviation = Math.sqrt(list.reduce((sum, seconds) => sum + (seconds - mean) ** 2, 0) / size);
    const figures = ours.figures();
    assertEquals(
      [figures.medianSeconds, figures.p95Seconds],
      [sorted[Math.ceil(size / 2) - 1], sorted[Math.ceil(0.95 * size) - 1]],
    );
    assertEquals(Math.abs((figures.meanSeconds ?? 0) - mean) < 0.0051, true);
    assertEquals(Math.abs((figures.deviationSeconds ?? 0) - deviation) < 0.0051, true);
  }
});

Deno.test("a time that no calendar has, and a file without a date, are nobody's hour and nobody's date", () => {
  const long = (value: bigint): Int64Values => {
    const halves = new Int32Array(BigInt64Array.of(value).buffer);
    return { kind: "int64", length: 1, present: null, halves };
  };
  const words = { kind: "words", length: 1, present: null, codes: Int32Array.of(0) } as const;
  const columns = {
    trainCategory: { ...words, words: ["Cargo"] },
    plannedDeparture: long(2n ** 63n - 1n),
    arrivalDelaySeconds: long(-7n),
  };
  for (const by of ["hour", "weekday", "date"] as const) {
    const counter = new PunctualityCounter({ by });
    counter.add(null, columns);
    const { groups, leftOut, dates, firstDate } = counter.result();
    assertEquals([by, groups, leftOut.ungrouped, dates, firstDate], [by, [], 1, 0, null]);
  }
  const counter = new PunctualityCounter({ by: "category" });
  counter.add("2025-02-17", columns);
  assertEquals(counter.result().all.medianSeconds, -7);
});
