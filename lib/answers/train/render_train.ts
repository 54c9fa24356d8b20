/** The history of a train as a page for people, and as JSON. */
import { counted, foldLine, printable } from "../../printable.ts";
import { LICENCE, LICENCE_LINE } from "../../tables/licence.ts";
import { kindOf, TRAIN_KINDS } from "../../tables/rows/train_kinds.ts";
import { NAMES_HINT, stationText } from "../names/station_text.ts";
import { textColumns } from "../../text/text_columns.ts";
import type { TrainRun } from "../train_run.ts";
import type { Call } from "../visits.ts";
import type { TrainHistory } from "./train_history.ts";
import { clockText } from "../../tables/rows/clock_text.ts";
import { delayText } from "../../text/delay_text.ts";

/** How wide the terminal is. */
export interface TrainPageOptions {
  readonly columns: number;
  /** Names the settings of the run in the commands that the page advises. */
  readonly completeCommands: (text: string) => string;
}

/** The runs, newest first, and the stops of one. */
export function renderTrain(history: TrainHistory, { columns, completeCommands }: TrainPageOptions): string {
  const { runs, stops, stopsDate, stationNames } = history;
  const fold = (line: string) => foldLine(completeCommands(line), { columns });
  const newest = runs[0];
  const route = newest === undefined
    ? ""
    : `${trainText(newest)}, ${
      [newest.origin, newest.destination].map((code) => stationText(code, stationNames)).join(" - ")
    }, operator ${printable(newest.operator ?? "unknown")}`;
  return [
    fold(route),
    "",
    runsTable(history, columns),
    "",
    ...(stops.length === 0 ? [] : [
      fold(
        `Stop by stop on ${stopsDate}, in Finnish time; median and worst of ${
          runs.length === 1 ? "this run" : `these ${runs.length} runs`
        }, at arrival`,
      ),
      "",
      stopsTable(history, columns),
      "",
    ]),
    ...[...onTimeLine(runs), "delays are minutes:seconds"].map(fold),
    ...(stationNames === null ? [fold(NAMES_HINT)] : []),
    ...LICENCE.split("\n").map(fold),
  ].join("\n");
}

/** "IC 27", or with its line "HL 8123 (R)". */
export function trainText(
  { type, number, line }: Pick<TrainRun, "type" | "number" | "line">,
): string {
  return `${printable(type ?? "train")} ${number}${line === null ? "" : ` (${printable(line)})`}`;
}

function runsTable({ runs, stationNames }: TrainHistory, columns: number): string {
  return textColumns([
    { head: "run of", cells: runs.map(({ date }) => date), isName: true, least: 10 },
    { head: "departed", cells: runs.map(({ departureDelaySeconds }) => delayText(departureDelaySeconds)) },
    { head: "arrived", cells: runs.map(({ arrivalDelaySeconds }) => delayText(arrivalDelaySeconds)) },
    { head: "worst", cells: runs.map(({ worstDelaySeconds }) => delayText(worstDelaySeconds)), leaveOut: 1 },
    {
      head: "at",
      cells: runs.map(({ worstDelayStation }) => stationText(worstDelayStation, stationNames)),
      ...{ isName: true, leaveOut: 2 },
    },
    { head: "", cells: runs.map(fateText), isName: true },
  ], columns);
}

function fateText({ deleted, cancelled, partlyCancelled, stopsSkipped, ...run }: TrainRun): string {
  if (deleted) return "taken out of the timetable";
  if (cancelled) return "cancelled";
  if (partlyCancelled) return `cancelled in part, ${counted(stopsSkipped, "stop")}`;
  return run.arrivalDelaySeconds === null ? "not arrived" : "";
}

function stopsTable({ stops, stationNames }: TrainHistory, columns: number): string {
  const cells = (cell: (stop: (typeof stops)[number]) => string) => stops.map(cell);
  return textColumns([
    { head: "station", cells: cells(({ station }) => stationText(station, stationNames)), isName: true },
    { head: "arr", cells: cells(({ arrival }) => clockText(arrival?.scheduled ?? null)) },
    { head: "real", cells: cells(({ arrival }) => clockText(arrival?.actual ?? null)), leaveOut: 2 },
    { head: "late", cells: cells(({ arrival }) => lateText(arrival)) },
    { head: "dep", cells: cells(({ departure }) => clockText(departure?.scheduled ?? null)) },
    { head: "real", cells: cells(({ departure }) => clockText(departure?.actual ?? null)), leaveOut: 2 },
    { head: "late", cells: cells(({ departure }) => lateText(departure)) },
    { head: "median", cells: cells(({ medianSeconds }) => delayText(medianSeconds)), leaveOut: 3 },
    { head: "worst", cells: cells(({ worstSeconds }) => delayText(worstSeconds)), leaveOut: 4 },
  ], columns);
}

/** The delay of a call, or that there is none. */
export function lateText(call: Call | null): string {
  return call?.cancelled ? "canc." : delayText(call?.delaySeconds ?? null);
}

/** By the rule of its kind, of the runs that came to their end with nothing of them cancelled. */
function onTimeLine(runs: readonly TrainRun[]): readonly string[] {
  const kind = kindOf(runs[0]?.category ?? undefined, runs[0]?.line ?? undefined);
  if (kind === null) return [];
  const { asksDeparture, isOnTime, rule } = TRAIN_KINDS[kind];
  const ran = runs.filter((run) =>
    !run.cancelled && !run.partlyCancelled && run.arrivalDelaySeconds !== null &&
    !(asksDeparture && run.departureDelaySeconds === null)
  );
  const onTime = ran.filter(({ arrivalDelaySeconds, departureDelaySeconds }) =>
    isOnTime(arrivalDelaySeconds ?? NaN, departureDelaySeconds ?? NaN)
  );
  return ran.length === 0
    ? []
    : [`on time: ${onTime.length} of ${counted(ran.length, "run")} that arrived, ${rule}`];
}

/** One JSON object; times are UTC, delays seconds. */
export function renderTrainJson({ runs, stopsDate, stops, stationNames }: TrainHistory): string {
  const codes = new Set([
    ...runs.flatMap(({ origin, destination, worstDelayStation }) => [origin, destination, worstDelayStation]),
    ...stops.map(({ station }) => station),
  ]);
  const names = Array.from(codes).flatMap((code) => {
    const name = code === null ? undefined : stationNames?.get(code);
    return name === undefined ? [] : [[code, name] as const];
  });
  return printable(JSON.stringify({
    runs,
    stopsDate,
    stops,
    stationNames: Object.fromEntries(names),
    licence: LICENCE_LINE,
  }));
}
