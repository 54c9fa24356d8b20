/** The day of a station as a page for people, and as JSON. */
import { counted, foldLine, printable } from "../../printable.ts";
import { LICENCE, LICENCE_LINE } from "../../tables/licence.ts";
import { helsinkiMs } from "../../tables/rows/helsinki_day.ts";
import { NAMES_HINT, stationText } from "../names/station_text.ts";
import { textColumns } from "../../text/text_columns.ts";
import { lateText, trainText } from "../train/render_train.ts";
import type { BoardSide, BoardVisit, StationBoard } from "./station_board.ts";
import { clockText } from "../../tables/rows/clock_text.ts";
import { delayText } from "../../text/delay_text.ts";

/** What is shown, and how wide the terminal is. */
export interface StationPageOptions {
  readonly columns: number;
  /** Trains at most; all when 0. */
  readonly limit: number;
  /** The time from which on they are shown: "07:30". */
  readonly after?: string | undefined;
  /** Names the settings of the run in the commands that the page advises. */
  readonly completeCommands: (text: string) => string;
}

const MOVED_NOTE = "; moved: messages have named other tracks too: 3 (1) is now 3, and 1 was named";

/** A summary by category, and the trains in the order of their times. */
export function renderStation(
  board: StationBoard,
  { columns, limit, after, completeCommands }: StationPageOptions,
): string {
  const { station, date, visits, stationNames } = board;
  const fold = (line: string) => foldLine(completeCommands(line), { columns });
  const later = visits.filter((visit) =>
    after === undefined || lastMs(visit) >= Date.parse(`${date}T${after}:00Z`)
  );
  const shown = limit === 0 ? later : later.slice(0, limit);
  const hidden = later.length - shown.length;
  const name = stationText(station, stationNames);
  const title = name === printable(station) ? name : `${name} (${printable(station)})`;
  return [
    fold(`${title} on ${date}, a day in Finnish time: ${counted(visits.length, "train")} that halt there`),
    "",
    summaryTable(board, columns),
    "",
    ...(shown.length === 0 ? [`no train after ${after}`] : [boardTable(shown, board, columns)]),
    "",
    ...(hidden === 0 ? [] : [
      fold(
        `... and ${
          counted(hidden, "train")
        } more; \`--limit 0\` shows all of them, \`--after 07:30\` later ones`,
      ),
    ]),
    fold(
      "late: commuter trains from 3:00 on, freight from 30:01, others from 5:01; delays are minutes:seconds, half " +
        "are at most the median, 95 % at most p95" + (hasMoved(board) ? MOVED_NOTE : ""),
    ),
    ...(stationNames === null ? [fold(NAMES_HINT)] : []),
    ...LICENCE.split("\n").map(fold),
  ].join("\n");
}

/** When the train is last there, by a clock in Finland, as if it showed UTC. */
function lastMs({ arrival, departure }: BoardVisit): number {
  return [arrival, departure].reduce((last, call) => {
    const time = Date.parse(call?.scheduled ?? "");
    return Number.isNaN(time) ? last : Math.max(last, helsinkiMs(time));
  }, -Infinity);
}

/** On most days of most stations no track is changed. */
function hasMoved({ categories }: StationBoard): boolean {
  return categories.some(({ arrivals, departures }) => arrivals.trackChanged + departures.trackChanged > 0);
}

function summaryTable(board: StationBoard, columns: number): string {
  const lines = board.categories.flatMap(({ category, arrivals, departures }) => [
    { name: printable(category ?? "unknown"), side: "arrivals", ...arrivals },
    { name: "", side: "departures", ...departures },
  ]);
  const column = (head: string, cell: (side: BoardSide) => string, leaveOut = 0) => ({
    ...{ head, cells: lines.map(cell), leaveOut },
  });
  return textColumns([
    { head: "category", cells: lines.map(({ name }) => name), isName: true },
    { head: "", cells: lines.map(({ side }) => side), isName: true, least: 10 },
    column("planned", ({ planned }) => String(planned)),
    column("there", ({ made }) => String(made), 3),
    column("late", ({ late }) => String(late)),
    column("canc.", ({ cancelled }) => String(cancelled)),
    ...(hasMoved(board) ? [column("moved", ({ trackChanged }) => String(trackChanged), 4)] : []),
    column("median", ({ medianSeconds }) => delayText(medianSeconds), 1),
    column("p95", ({ p95Seconds }) => delayText(p95Seconds), 2),
  ], columns);
}

function boardTable(shown: readonly BoardVisit[], { stationNames }: StationBoard, columns: number): string {
  const cells = (cell: (visit: BoardVisit) => string) => shown.map(cell);
  return textColumns([
    { head: "arr", cells: cells(({ arrival }) => clockText(arrival?.scheduled ?? null)) },
    { head: "late", cells: cells(({ arrival }) => lateText(arrival)) },
    { head: "dep", cells: cells(({ departure }) => clockText(departure?.scheduled ?? null)) },
    { head: "late", cells: cells(({ departure }) => lateText(departure)) },
    { head: "train", cells: cells(trainText), isName: true },
    {
      head: "from",
      cells: cells(({ origin }) => stationText(origin, stationNames)),
      isName: true,
      leaveOut: 2,
    },
    {
      head: "to",
      cells: cells(({ destination }) => stationText(destination, stationNames)),
      isName: true,
      leaveOut: 1,
    },
    { head: "track", cells: cells(trackCell), isName: true, leaveOut: 3 },
  ], columns);
}

/** "3 (1)" where messages have named track 1 too. */
export function trackCell({ track, otherTracks }: BoardVisit): string {
  const others = otherTracks.length === 0
    ? ""
    : `(${otherTracks.map((other) => printable(other)).join(", ")})`;
  return [track ?? "", others].filter((text) => text !== "").join(" ");
}

/** One JSON object; times are UTC, delays seconds. */
export function renderStationJson({ stationNames, ...board }: StationBoard): string {
  const codes = new Set(board.visits.flatMap(({ origin, destination }) => [origin, destination]));
  const names = [board.station, ...codes].flatMap((code) => {
    const name = code === null ? undefined : stationNames?.get(code);
    return name === undefined ? [] : [[code, name] as const];
  });
  return printable(
    JSON.stringify({ ...board, stationNames: Object.fromEntries(names), licence: LICENCE_LINE }),
  );
}
