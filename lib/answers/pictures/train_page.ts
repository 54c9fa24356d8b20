/** The history of one train as a page with pictures. */
import { chartsPage } from "../../charts/charts_page.ts";
import { type LastRun, lastRuns } from "../../charts/last_runs.ts";
import { valueBars } from "../../charts/value_bars.ts";
import { counted } from "../../printable.ts";
import { kindOf, TRAIN_KINDS } from "../../tables/rows/train_kinds.ts";
import { stationText } from "../names/station_text.ts";
import type { TrainHistory } from "../train/train_history.ts";
import type { TrainRun } from "../train_run.ts";
import { delayText } from "../../text/delay_text.ts";

/** The page; the same history gives the same bytes. */
export function trainPage({ runs, stops, stationNames }: TrainHistory): string {
  const [newest] = runs;
  const train = newest === undefined
    ? "no train"
    : `${newest.line || newest.type || ""} ${newest.number}`.trim();
  const { limitSeconds } = ruleOf(newest);
  const nameOf = (code: string | null) => stationText(code, stationNames);
  const known = stops.filter(({ medianSeconds }) => medianSeconds !== null);
  const worst = known.reduce<typeof known[number] | null>(
    (bad, stop) => bad === null || (stop.medianSeconds ?? 0) > (bad.medianSeconds ?? 0) ? stop : bad,
    null,
  );
  return chartsPage({
    title: `${train}, its last ${runs.length === 1 ? "run" : counted(runs.length, "run")}`,
    intro: `${nameOf(newest?.origin ?? null)} to ${nameOf(newest?.destination ?? null)}, the newest run on ${
      newest?.date ?? "no date"
    }.`,
    parts: [{
      heading: "The last runs",
      chart: lastRuns(runs.map((run) => lastRun(run, nameOf)), { id: "runs", train, limitSeconds }),
    }, {
      heading: "Stop by stop",
      chart: valueBars(
        known.map(({ station, medianSeconds, worstSeconds, runs }) => ({
          label: nameOf(station),
          value: medianSeconds,
          mark: worstSeconds,
          isLate: (medianSeconds ?? 0) > limitSeconds,
          text: `${delayText(medianSeconds)}, worst ${delayText(worstSeconds)} of ${runs}`,
        })),
        {
          id: "stops",
          finding: worst === null
            ? `No delay of ${train} is known.`
            : `${train} is latest at ${nameOf(worst.station)}: ${
              worst.runs === 1 ? "in the one run that was there" : "half of its runs at most"
            } ${delayText(worst.medianSeconds)}`,
          note:
            "Bars: the delay that half of these runs did not exceed at the stop, minutes:seconds; strokes: the largest one. " +
            "Arrivals, at the first station departures.",
          numbers: {
            caption: `Delays of ${train} by stop, in seconds`,
            heads: ["stop", "runs", "median", "worst"],
            rows: stops.map(({ station, runs, medianSeconds, worstSeconds }) => [
              nameOf(station),
              runs,
              medianSeconds ?? "",
              worstSeconds ?? "",
            ]),
          },
          unit: 60,
        },
      ),
    }],
  });
}

function ruleOf(run: TrainRun | undefined) {
  return TRAIN_KINDS[kindOf(run?.category ?? undefined, run?.line ?? undefined) ?? "longDistance"];
}

function lastRun(run: TrainRun, nameOf: (code: string | null) => string): LastRun {
  const { departureDelaySeconds: departure, arrivalDelaySeconds: arrival } = run;
  const { isOnTime, asksDeparture } = ruleOf(run);
  const isKnown = arrival !== null && !(asksDeparture && departure === null);
  const fate = run.cancelled || run.deleted
    ? "cancelled"
    : run.partlyCancelled
    ? "partly cancelled"
    : isKnown
    ? "arrived"
    : "unfinished";
  return {
    date: run.date,
    destination: nameOf(run.destination),
    fate,
    arrivalSeconds: arrival,
    worstSeconds: run.worstDelaySeconds,
    worstStation: nameOf(run.worstDelayStation),
    isLate: fate === "arrived" && !isOnTime(arrival ?? 0, departure ?? 0),
  };
}
