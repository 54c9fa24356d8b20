/** The history of one train: its name, its stops, what of them is late. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dateFacts, tableColumns } from "../../lib/analysis/date_facts.ts";
import { renderTrain, renderTrainJson } from "../../lib/answers/train/render_train.ts";
import {
  isNamed,
  parseTrainName,
  shownRun,
  type TrainHistory,
  trainHistory,
} from "../../lib/answers/train/train_history.ts";
import { trainRunsIn } from "../../lib/answers/train_run.ts";
import { visitsIn } from "../../lib/answers/visits.ts";
import { gatherColumns } from "../../lib/delta/mod.ts";
import { textWidth } from "../../lib/printable.ts";
import { type MadeRow, type MadeTrain, messageOf, WRITTEN } from "../analysis/made_trains.ts";
import { rowsOfTrains } from "../quality/count_trains.ts";

/** The newest first. */
async function historyOf(
  trains: readonly MadeTrain[],
  names: TrainHistory["stationNames"] = null,
): Promise<TrainHistory> {
  const days = await Promise.all(trains.map(async (train) => {
    const rows = await rowsOfTrains([messageOf(train)], WRITTEN);
    const runs = trainRunsIn(train.date, tableColumns(dateFacts(rows), "train_runs"));
    return { runs, visits: visitsIn(train.date, [rows], { number: train.number }) };
  }));
  const runs = days.flatMap((day) => day.runs);
  return trainHistory(runs, days.map(({ visits }) => visits), { shown: shownRun(runs), stationNames: names });
}

function ring(date: string, delays: readonly (number | null)[], marks: readonly string[] = []): MadeTrain {
  const times = ["06:00", "06:10", "06:12", "06:20", "06:21", "06:30"];
  const places = [["HKI", "D"], ["PSL", "A"], ["PSL", "D"], ["KE", "A"], ["KE", "D"], ["HKI", "A"]] as const;
  const rows = places.map((
    [station, side],
    at,
  ): MadeRow => [station, side, `${date}T${times[at]}:00Z`, delays[at] ?? null, marks[at] ?? ""]);
  return { number: 27, date, rows };
}

Deno.test("a train is named by its number, with its type or line or without, together or apart", () => {
  for (const words of [["IC", "27"], ["IC27"], ["IC 27"], [" IC  27 "]]) {
    assertEquals(parseTrainName(words), { type: "IC", number: 27 });
  }
  assertEquals(parseTrainName(["27"]), { type: null, number: 27 });
  for (const words of [["IC"], ["0"], ["27", "IC"], ["123456"], ["IC", "2.7"], ["-27"], [""]]) {
    assertEquals([words, parseTrainName(words)], [words, null]);
  }
});

Deno.test("a type in small letters is meant too, and the line of a commuter train", async () => {
  const { runs: [run] } = await historyOf([
    { ...ring("2025-02-17", [0]), trainType: "HL", commuterLineID: "R" },
  ]);
  assert(run);
  assertEquals(
    ["27", "HL27", "hl 27", "r27", "IC27", "28"].map((text) =>
      isNamed(run, parseTrainName([text]) ?? { type: "", number: 0 })
    ),
    [true, true, true, true, false, false],
  );
});

Deno.test("stops are those of the newest run, with the median and the worst of all runs; a second visit is apart", async () => {
  const { stops } = await historyOf([
    ring("2025-02-19", [10, 20, 25, 30, 31, 40]),
    ring("2025-02-18", [-10, 200, 0, null, 0, 400]),
    ring("2025-02-17", [0, 100, 0, 90, 0, -5]),
  ]);
  assertEquals(
    stops.map(({ station, arrival, departure, medianSeconds, worstSeconds, runs }) => [
      ...[station, arrival?.delaySeconds ?? null, departure?.delaySeconds ?? null],
      ...[medianSeconds, worstSeconds, runs],
    ]),
    [
      ["HKI", null, 10, 0, 10, 3],
      ["PSL", 20, 25, 100, 200, 3],
      ["KE", 30, 31, 30, 90, 2],
      ["HKI", 40, null, 40, 400, 3],
    ],
  );
});

Deno.test("a run that has not begun is no reason to show no times: the newest that has is shown stop by stop", async () => {
  const begun = ring("2025-02-18", [0, 1, 2, null, null, null]);
  const { stopsDate, stops } = await historyOf([ring("2025-02-19", []), begun]);
  assertEquals([stopsDate, stops[1]?.arrival?.delaySeconds], ["2025-02-18", 1]);
  assertEquals((await historyOf([ring("2025-02-19", [])])).stopsDate, "2025-02-19");
});

Deno.test("a stop that is cancelled has no delay, a place where the train only passes is no stop", async () => {
  const { stops } = await historyOf([ring("2025-02-19", [0, 5, 5, 5, 5, 5], ["", "~", "~", "", "-", "-"])]);
  assertEquals(
    stops.map(({ station, arrival, departure }) => [station, arrival?.cancelled, departure?.cancelled]),
    [["HKI", undefined, false], ["KE", false, true], ["HKI", true, undefined]],
  );
  assertEquals(stops.at(-1)?.arrival?.actual, null);
});

Deno.test("rows may lie in any order and in several files", async () => {
  const train = ring("2025-02-19", [1, 2, 3, 4, 5, 6]);
  const rows = await rowsOfTrains([messageOf(train)], WRITTEN);
  const whole = visitsIn(train.date, [rows], {});
  const split = [[4, 5, 0], [3, 1, 2]].map((some) => pick(rows, some));
  assertEquals(visitsIn(train.date, split, {}), whole);
  assertEquals(
    visitsIn(train.date, split, { station: "PSL" }),
    whole.filter(({ station }) => station === "PSL"),
  );
});

Deno.test("the page shows times of Finland over both clock changes, and the names of stations", async () => {
  const names = new Map([["HKI", "Helsinki asema"], ["TPE", "Tampere asema"]]);
  for (
    const [date, leaves, arrives, shown] of [
      ["2025-03-29", "2025-03-30T00:50:00Z", "2025-03-30T01:10:00Z", "04:10  04:11  +1:01"],
      ["2025-10-25", "2025-10-26T00:50:00Z", "2025-10-26T01:10:00Z", "03:10  03:11  +1:01"],
    ] as const
  ) {
    const rows: readonly MadeRow[] = [["HKI", "D", leaves, 0], ["TPE", "A", arrives, 61]];
    const page = renderTrain(await historyOf([{ number: 27, date, rows }], names), PAGE);
    assertStringIncludes(page, "IC 27, Helsinki - Tampere, operator vr\n");
    assertStringIncludes(page, `Tampere   ${shown}`);
    assertStringIncludes(page, "on time: 1 of 1 run that arrived, at most 5 min late at its final station");
  }
});

Deno.test("a page says what was cancelled, and where names would come from; lines fit whatever names there are", async () => {
  const hostile = "x\u001b[2J\u202e日本語" + "y".repeat(300);
  const history = await historyOf([
    ring("2025-02-19", []),
    { ...ring("2025-02-18", [0, 1, 2, 3, 4, 5], ["", "", "", "", "-", "-"]), trainType: hostile },
    { ...ring("2025-02-17", []), cancelled: true },
    { ...ring("2025-02-16", []), deleted: true },
  ], new Map([["KE", hostile]]));
  for (const columns of [40, 80, 120]) {
    const page = renderTrain(history, { ...PAGE, columns });
    for (const line of page.split("\n")) {
      assert(textWidth(line) <= columns || line.startsWith("https:"), line);
    }
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(page));
  }
  const page = renderTrain({ ...history, stationNames: null }, PAGE);
  for (
    const text of [
      "not arrived",
      "cancelled in part, 1 stop",
      "  cancelled\n",
      "taken out",
      "fetch --metadata",
    ]
  ) {
    assertStringIncludes(page, text);
  }
  const json = renderTrainJson(history);
  assert(!json.includes("\u202e"));
  assertEquals(JSON.parse(json).runs.map(({ type }: { type: string }) => type === hostile), [
    ...[false, true, false, false],
  ]);
});

const PAGE = { columns: 80, completeCommands: (text: string) => text };
type Rows = Parameters<typeof visitsIn>[1][number];

function pick(rows: Rows, some: readonly number[]): Rows {
  return gatherColumns(some.map((row) => ({ columns: rows, from: row, to: row + 1 })));
}
