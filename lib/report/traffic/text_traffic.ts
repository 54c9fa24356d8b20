/** What became of the trains, as parts of pages for the terminal: by kind, and by what segments are told apart. */
import { counted, grouped } from "../../printable.ts";
import { shortName } from "../short_name.ts";
import type { Segment, SegmentBy } from "../../quality/count_segments.ts";
import type { KindFigures, TrainFigures } from "../../quality/traffic/traffic_figures.ts";
import type { Report } from "../build_report.ts";
import { onTimeRules, onTimeText, topCauses } from "./delay_text.ts";
import type { TextPage } from "../text_page.ts";
import { delayText } from "../../text/delay_text.ts";

const MOST_LINES = 30;
const CAUSES_SHOWN = 6;
const HEAD = ["arrived", "on time", "median", "p90", "cancelled", "in part"] as const;

/** The section of the report; nothing where there are no trains with such figures. */
export function trafficSection({ traffic }: Pick<Report, "traffic">, page: TextPage): readonly string[] {
  if (traffic === null) {
    return [page.section("Traffic", ["not counted by this run; the next `deno task process` counts it"])];
  }
  if (traffic.length === 0) return [];
  const arrived = traffic.reduce((sum, kind) => sum + kind.arrived, 0);
  const open = traffic.reduce((sum, kind) => sum + kind.unfinished, 0);
  const table = lines("", traffic.map((kind) => [kind.name, kind]), page);
  return [
    page.section(`Traffic, of ${counted(arrived, "train")} that ${arrived === 1 ? "has" : "have"} arrived`, [
      table,
      ...traffic.flatMap(causeLine),
      ...(open === 0
        ? []
        : [`${counted(open, "other train")} on the way, or without a time at the end of the route`]),
      page.paint(
        "dim",
        page.fold(
          `delays are those at the final station, as minutes:seconds; on time: ${onTimeRules(traffic)}`,
        ),
      ),
    ]),
  ];
}

function causeLine(kind: KindFigures): readonly string[] {
  const causes = topCauses(kind, CAUSES_SHOWN).map(([code, trains]) =>
    `${shortName(code)} ${grouped(trains)}`
  );
  return causes.length === 0 ? [] : [`causes, ${kind.name}: ${causes.join(", ")}`];
}

/** The section beside the rules of the segments: most late trains first. */
export function segmentTraffic(
  by: SegmentBy,
  segments: readonly Pick<Segment, "value" | "traffic">[],
  page: TextPage,
): readonly string[] {
  const running = segments.filter(({ traffic }) => traffic.trains > 0).sort((a, b) =>
    lateIn(b.traffic) - lateIn(a.traffic) || b.traffic.trains - a.traffic.trains ||
    (a.value < b.value ? -1 : 1)
  );
  if (running.length === 0) return [];
  const shown = running.slice(0, MOST_LINES).map(({ value, traffic }) =>
    [value === "" ? "(none)" : shortName(value), traffic] as const
  );
  const more = running.length - shown.length;
  const title = by === "station" ? "final station" : by;
  return [
    page.section(`Traffic by ${title}, most late trains first`, [
      lines(title, shown, page),
      ...(more > 0 ? [`... and ${counted(more, "other")} with fewer; --json has all of them`] : []),
    ]),
  ];
}

function lateIn({ arrived, onTime }: TrainFigures): number {
  return arrived - onTime;
}

/** A line per name, the head above; one text, as a folded line would be none of a table. */
function lines(
  title: string,
  named: readonly (readonly [name: string, figures: TrainFigures])[],
  page: TextPage,
): string {
  const wide = named.reduce((most, [name]) => Math.max(most, name.length), title.length);
  const line = (name: string, cells: readonly string[]) =>
    page.columns([[name, wide], ...cells.map((cell) => [cell, -9] as const)]);
  return [
    page.paint("dim", line(title, HEAD)),
    ...named.map(([name, figures]) =>
      line(name, [
        grouped(figures.arrived),
        onTimeText(figures),
        delayText(figures.medianSeconds),
        delayText(figures.p90Seconds),
        grouped(figures.cancelled),
        grouped(figures.partlyCancelled),
      ])
    ),
  ].join("\n");
}
