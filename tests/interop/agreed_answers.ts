/** What `punctuality`, `train` and `station` answer of a lake, beside a calculation in Python, row by row. */
import { assertEquals } from "@std/assert";
import { renderPunctualityJson } from "../../lib/answers/punctuality/render_punctuality.ts";
import type { PunctualityQuestion } from "../../lib/answers/punctuality/punctuality.ts";
import { renderStationJson } from "../../lib/answers/station/render_station.ts";
import { renderTrainJson } from "../../lib/answers/train/render_train.ts";
import { LocalStore } from "../../lib/delta/mod.ts";
import { readPunctuality } from "../../lib/pipeline/answers/read_punctuality.ts";
import { readStation } from "../../lib/pipeline/answers/read_station.ts";
import { readTrain } from "../../lib/pipeline/answers/read_train.ts";
import type { PipelineFolder } from "./pipeline_folder.ts";
import { runPython } from "./python_venv.ts";

const GROUPINGS = ["category", "line", "type", "operator", "station", "hour", "weekday", "date"] as const;
const LAST = 5;

/** How many figures agree; `every` so many-th train and station is asked for. */
export async function agreedFigures(folder: PipelineFolder, every: number): Promise<number> {
  const source = {
    storeOf: (path: string) => new LocalStore(`${folder.path}/${path}`),
    context: { clock: () => 0, ids: () => "none" },
  };
  const runs = await folder.rows("train_runs"), days = await folder.rows("station_days");
  const dates = distinct(runs.map(({ departureDate }) => String(departureDate)));
  const questions: readonly PunctualityQuestion[] = [
    ...GROUPINGS.map((by) => ({ by })),
    { by: "hour", category: "freight" },
    { by: "line", category: "commuter", from: dates[1], to: dates.at(-1) },
    { by: "station", category: "long-distance", type: "IC", to: dates[0] },
  ];
  const punctuality = questions.map(async (question) =>
    JSON.parse(renderPunctualityJson(await readPunctuality(source, question)))
  );
  const numbers = distinct(runs.map(({ trainNumber }) => Number(trainNumber)));
  const trains = some(numbers, every).map(async (number) => {
    const history = await readTrain(source, { name: { type: null, number }, last: LAST });
    return [{ number, last: LAST }, JSON.parse(renderTrainJson(history))];
  });
  const codes = distinct(days.map(({ stationShortCode }) => String(stationShortCode)));
  const stations = some(codes, every).map(async (
    station,
  ) => [{ station }, JSON.parse(renderStationJson(await readStation(source, { text: station })))]);
  const answers = {
    punctuality: await Promise.all(punctuality),
    trains: await Promise.all(trains),
    stations: await Promise.all(stations),
  };
  const file = `${folder.path}/answers.json`;
  await Deno.writeTextFile(file, JSON.stringify(answers));
  const { figures, wrong } = await runPython<{ readonly figures: number; readonly wrong: readonly string[] }>(
    "answer_questions.py",
    [folder.path, file],
  );
  assertEquals(wrong, []);
  return figures;
}

function distinct<Value extends string | number>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)].sort((a, b) => a < b ? -1 : 1);
}

function some<Value>(values: readonly Value[], every: number): readonly Value[] {
  return values.filter((_, at) => at % every === 0);
}
