/** The pipeline from the tables to all pictures of a departure date: reads of each table the dates and columns that are drawn. */
import { busiestLine } from "../../answers/pictures/choose_line.ts";
import { LEG_COLUMNS, LegCounter } from "../../answers/pictures/leg_rows.ts";
import { type Hours, lineRows } from "../../answers/pictures/line_rows.ts";
import { LINE_COLUMNS, type RoutedTrain, routedTrains } from "../../answers/pictures/line_trains.ts";
import { delaysByKind, heatCells, type PicturedRun } from "../../answers/pictures/run_rows.ts";
import type { TrainName } from "../../answers/train/train_history.ts";
import type { Chart } from "../../charts/chart.ts";
import type { TrafficCharts } from "../../charts/traffic_page.ts";
import { delayTail } from "../../charts/delay_tail.ts";
import { netMap } from "../../charts/net_map.ts";
import { punctualityHeat } from "../../charts/punctuality_heat.ts";
import { rankedLegs } from "../../charts/ranked_legs.ts";
import { stringline } from "../../charts/stringline.ts";
import type { DeltaTable } from "../../delta/mod.ts";
import { mapAtOnce } from "../../standard/map_at_once.ts";
import { TRAIN_KINDS } from "../../tables/rows/train_kinds.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../tables/table_paths.ts";
import {
  answering,
  type AnswerSource,
  dateOf,
  openNeeded,
  readFileColumns,
} from "../answers/read_analysis.ts";
import { lineEnds } from "./find_line.ts";
import { type KnownStations, readPlaces } from "./read_places.ts";
import { latestTrain, readRuns, runsChart } from "./read_runs.ts";

/** What is drawn; what is absent is chosen by what the tables have. */
export interface ChartsQuestion {
  /** The departure date, YYYY-MM-DD; by default the newest. */
  readonly date?: string | undefined;
  /** "HKI-TPE"; by default the line of which most trains run the whole. */
  readonly line?: string | undefined;
  readonly hours?: Hours | undefined;
  /** By default the one that was the latest. */
  readonly train?: TrainName | undefined;
}

const DOING = "draw the trains";
/** Four weeks: each hour of a weekday four times. */
const HEAT_DATES = 28;
const FILES_AT_ONCE = 8;

/**
 * Reads the tables and draws.
 *
 * @throws {UsageError} when there is no such station or line
 * @throws {Error} when there is no table yet, or nothing of that date
 */
export async function readCharts(source: AnswerSource, question: ChartsQuestion): Promise<TrafficCharts> {
  return await answering(source, DOING, () => drawCharts(source, question));
}

async function drawCharts(source: AnswerSource, question: ChartsQuestion): Promise<TrafficCharts> {
  const [runs, legs, standard, stations] = await Promise.all([
    openNeeded(source, ANALYSIS_PATHS.train_runs, DOING),
    openNeeded(source, ANALYSIS_PATHS.leg_delays, DOING),
    openNeeded(source, TABLE_PATHS.standard, DOING),
    readPlaces(source),
  ]);
  const date = dateIn(runs, question.date), when = ` on ${date}`;
  const recent = await readRuns(runs, { until: date, dates: HEAT_DATES });
  const today = recent.filter((run) => run.date === date);
  const counter = await countLegs(legs, date), { nameOf, places } = stations;
  const net = counter.net(places, nameOf);
  return {
    date,
    line: lineChart(await trainsOf(standard, date), { question, date, stations }),
    map: netMap(net.stations, net.edges, { id: "map", when }),
    legs: rankedLegs(counter.ranked(nameOf), { id: "legs", when }),
    delays: delayTail(delaysByKind(today), { id: "delays", when }),
    hours: heatChart(recent),
    runs: await runsChart(runs, { name: question.train ?? latestTrain(today), until: date, nameOf }),
  };
}

/** The dates that a table has, newest last. */
function dateIn({ snapshot }: DeltaTable, asked: string | undefined): string {
  const dates = [...snapshot.files.values()].map(dateOf).filter((date) => date !== null).sort();
  const last = dates.at(-1), date = asked ?? last;
  if (date !== undefined && dates.includes(date)) return date;
  throw new Error(
    last === undefined
      ? `Cannot ${DOING}: found no departure date in the tables, expected one`
      : `Cannot ${DOING} of ${date}: found no such departure date, expected one from ${dates[0]} to ${last}`,
  );
}

async function trainsOf(standard: DeltaTable, date: string): Promise<readonly RoutedTrain[]> {
  const files = [...standard.snapshot.files.values()].filter((add) => dateOf(add) === date);
  return routedTrains(
    await mapAtOnce(files, FILES_AT_ONCE, (add) => readFileColumns(standard, add, LINE_COLUMNS)),
  );
}

async function countLegs(legs: DeltaTable, date: string): Promise<LegCounter> {
  const counter = new LegCounter();
  for (const add of legs.snapshot.files.values()) {
    if (dateOf(add) === date) counter.add(await readFileColumns(legs, add, LEG_COLUMNS));
  }
  return counter;
}

interface LineOptions {
  readonly question: ChartsQuestion;
  readonly date: string;
  readonly stations: KnownStations;
}

function lineChart(trains: readonly RoutedTrain[], { question, date, stations }: LineOptions): Chart {
  const { line, hours } = question;
  const ends = line === undefined
    ? busiestLine(trains) ?? { from: "", to: "" }
    : lineEnds(line, trains, stations);
  return stringline(lineRows(trains, { ends, date, hours, nameOf: stations.nameOf }), { id: "line" });
}

function heatChart(runs: readonly PicturedRun[]): Chart {
  const dates = [...new Set(runs.map(({ date }) => date))].sort();
  const when = dates.length < 2 ? ` on ${dates[0] ?? "no date"}` : `, ${dates[0]} to ${dates.at(-1)}`;
  const rules = Map.groupBy(Object.values(TRAIN_KINDS), ({ rule }) => rule).entries()
    .map(([rule, some]) => `${some.map(({ name }) => name).join(" and ")} ${rule}`).toArray().join("; ");
  return punctualityHeat(heatCells(runs), { id: "hours", when, rules });
}
