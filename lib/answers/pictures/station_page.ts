/** The day of one station as a page with pictures. */
import type { Chart } from "../../charts/chart.ts";
import { chartsPage } from "../../charts/charts_page.ts";
import { delayTail } from "../../charts/delay_tail.ts";
import { valueBars } from "../../charts/value_bars.ts";
import { counted } from "../../printable.ts";
import { lateFromSeconds } from "../../tables/rows/train_kinds.ts";
import { trackCell } from "../station/render_station.ts";
import { stationText } from "../names/station_text.ts";
import type { BoardVisit, StationBoard } from "../station/station_board.ts";
import type { Call } from "../visits.ts";
import { clockText } from "../../tables/rows/clock_text.ts";
import { delayText } from "../../text/delay_text.ts";

/** The page; the same day gives the same bytes. */
export function stationPage(board: StationBoard): string {
  const { station, date, visits, stationNames } = board;
  const name = stationText(station, stationNames);
  return chartsPage({
    title: `${name} on ${date}`,
    intro: `${counted(visits.length, "train")} that halt there, times in Finland.`,
    parts: [
      { heading: "Trains by their delay", chart: visitsChart(board, name) },
      {
        heading: "How late trains are there",
        chart: delayTail(
          [...Map.groupBy(visits, ({ category }) => category ?? "no category")].map(([category, some]) => ({
            category,
            delays: some.flatMap((visit) => delayOf(visit) ?? []),
          })),
          { id: "delays", when: ` on ${date}`, place: `at ${name}` },
        ),
      },
    ],
  });
}

/** Arrivals, of trains that begin there departures. */
function delayOf({ arrival, departure }: BoardVisit): number | null {
  return (arrival ?? departure)?.delaySeconds ?? null;
}

function visitsChart({ date, visits, stationNames }: StationBoard, name: string): Chart {
  const nameOf = (code: string | null) => stationText(code, stationNames);
  const trainOf = ({ line, type, number }: BoardVisit) => `${line || type || ""} ${number}`.trim();
  const known = visits.filter((visit) => delayOf(visit) !== null)
    .sort((a, b) => (delayOf(b) ?? 0) - (delayOf(a) ?? 0));
  const late = known.filter((visit) => isLate(visit)).length;
  const [worst] = known;
  return valueBars(
    known.slice(0, 20).map((visit) => ({
      label: `${timeOf(visit.arrival ?? visit.departure)} ${trainOf(visit)} ${nameOf(visit.origin)} – ${
        nameOf(visit.destination)
      }`,
      value: delayOf(visit),
      isLate: isLate(visit),
      text: delayText(delayOf(visit)),
    })),
    {
      id: "visits",
      finding: worst === undefined
        ? `No delay at ${name} on ${date} is known yet.`
        : `${late === 0 ? "None" : late} of ${counted(known.length, "train")} ${
          late === 1 || late === 0 ? "was" : "were"
        } late at ${name} on ${date}; the latest was ${trainOf(worst)}: ${delayText(delayOf(worst))}`,
      note:
        "The 20 that were the latest; minutes:seconds at arrival, of trains that begin there at departure; " +
        "outlined: late by the limit of their category.",
      numbers: {
        caption: `What comes and goes at ${name} on ${date}, delays in seconds`,
        heads: ["train", "from", "to", "arrives", "late", "departs", "late", "track", "cancelled"],
        rows: visits.map((visit) => [
          ...[trainOf(visit), nameOf(visit.origin), nameOf(visit.destination)],
          ...[timeOf(visit.arrival), visit.arrival?.delaySeconds ?? ""],
          ...[timeOf(visit.departure), visit.departure?.delaySeconds ?? "", trackCell(visit)],
          visit.arrival?.cancelled || visit.departure?.cancelled ? "yes" : "",
        ]),
      },
      unit: 60,
      labelWidth: 360,
    },
  );
}

function isLate(visit: BoardVisit): boolean {
  return (delayOf(visit) ?? 0) >= lateFromSeconds(visit.category ?? undefined);
}

function timeOf(call: Call | null): string {
  return clockText(call?.scheduled ?? null);
}
