/** The stringline (Marey) of a line: time across, stations from above to below, each train a line, as planned and as it ran. */
import { counted } from "../printable.ts";
import type { Chart } from "./chart.ts";
import { worstOf } from "./stringline_paths.ts";
import { stringlinePicture } from "./stringline_picture.ts";
import {
  BEHIND_SECONDS,
  type LinePoint,
  type LineStation,
  type LineTrain,
  type Stringline,
} from "./stringline_rows.ts";
import { clockText } from "../tables/rows/clock_text.ts";
import { delayText } from "../text/delay_text.ts";

/** Draws the trains; those that do not run in these hours are left out. */
export function stringline(line: Stringline, { id }: { readonly id: string }): Chart {
  const { stations, fromMs, toMs } = line;
  const trains = line.trains.filter(({ parts }) =>
    parts.some((points) =>
      points.some((point) =>
        point.plannedMs <= toMs && Math.max(point.plannedMs, point.actualMs ?? 0) >= fromMs
      )
    )
  );
  const isEmpty = trains.length === 0 || stations.length < 2;
  const pictures = isEmpty ? [] : stringlinePicture({ ...line, trains });
  const unnamed = pictures[0]?.unnamed ?? 0;
  return {
    id,
    finding: findingOf({ ...line, trains }),
    note: "Time in Finland across; stations from above to below, as far apart as trains need between them. " +
      "Thin: planned; thick: as it ran; thickest, and named with its delay in minutes:seconds: " +
      `${delayText(BEHIND_SECONDS)} or more; dashed: cancelled.` +
      (unnamed === 0 ? "" : ` ${counted(unnamed, "train")} without room for a name.`),
    pictures,
    numbers: {
      caption: `Trains on the line, ${line.date}, times in Finland`,
      heads: [
        "train",
        "from",
        "planned",
        "ran",
        "to",
        "planned",
        "ran",
        "most late, seconds",
        "there",
        "cancelled",
      ],
      rows: trains.map((train) => numbersOf(train, stations)),
    },
  };
}

function findingOf({ from, to, date, stations, trains, fromMs, toMs }: Stringline): string {
  const hours = `on ${date}, ${clockText(fromMs)} to ${clockText(toMs)}`;
  const where = `between ${from} and ${to}`;
  if (trains.length === 0 || stations.length < 2) return `No train ran ${where} ${hours}.`;
  const found = trains.map((train) => ({ train, worst: worstOf(train) }));
  const worst = found.reduce((a, b) =>
    (b.worst?.seconds ?? -Infinity) > (a.worst?.seconds ?? -Infinity) ? b : a
  );
  const of = `${counted(trains.length, "train")} ${hours}`;
  if (worst.worst === null) {
    const none = trains.length === 1
      ? "The one train has not"
      : `None of ${counted(trains.length, "train")} has`;
    return `${none} run yet ${where} ${hours}`;
  }
  if (worst.worst.seconds < 60) return `Not a minute late ${where}: ${of}`;
  const at = stations[worst.worst.station]?.name ?? "";
  return `${worst.train.name} was the latest ${where}: ${delayText(worst.worst.seconds)} at ${at}; ${of}`;
}

function numbersOf(train: LineTrain, stations: readonly LineStation[]): readonly (string | number)[] {
  const points = train.parts.flat(), first = points[0], last = points.at(-1);
  const worst = worstOf(train);
  const off = points.filter(({ isCancelled }) => isCancelled).length;
  const at = (point: LinePoint | undefined) =>
    point === undefined ? ["", "", ""] : [
      stations[point.station]?.name ?? "",
      clockText(point.plannedMs),
      point.actualMs === null ? "" : clockText(point.actualMs),
    ];
  return [
    train.name,
    ...at(first),
    ...at(last),
    worst?.seconds ?? "",
    worst === null ? "" : stations[worst.station]?.name ?? "",
    off === 0 ? "" : off === points.length ? "all" : "in part",
  ];
}
