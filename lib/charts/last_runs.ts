/** The last runs of one train: how late it was at its end, and at its worst. */
import { counted } from "../printable.ts";
import { barRows } from "./bar_rows.ts";
import type { Chart } from "./chart.ts";
import { delayText } from "../text/delay_text.ts";

/** One run. */
export interface LastRun {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly destination: string;
  readonly fate: "arrived" | "cancelled" | "partly cancelled" | "unfinished";
  /** At the final station; null where it has not been there. */
  readonly arrivalSeconds: number | null;
  readonly worstSeconds: number | null;
  readonly worstStation: string;
  /** Whether it arrived and was late, by the rule of its kind. */
  readonly isLate: boolean;
}

/** Whose runs they are. */
export interface LastRunsOptions {
  readonly id: string;
  /** "IC 27"; null where there is none to ask for. */
  readonly train: string | null;
  /** Where a line is drawn: so late it may be at its final station. */
  readonly limitSeconds: number;
}

/** The runs, the newest first. */
export function lastRuns(
  runs: readonly LastRun[],
  { id, train: called, limitSeconds }: LastRunsOptions,
): Chart {
  const train = called ?? "no train";
  const arrived = runs.filter(({ fate }) => fate === "arrived");
  const onTime = arrived.filter(({ isLate }) => !isLate).length;
  return {
    id,
    finding: called === null
      ? "No train has arrived whose last runs could be shown."
      : runs.length === 0
      ? `There is no run of ${train} in the tables.`
      : findingOf(runs, { train, onTime, arrived: arrived.length }),
    note:
      `Bars: delay at the final station, minutes:seconds, outlined where the train was late; strokes: the largest delay on the way; ` +
      `crosses: no arrival as planned. Days of departure, the newest first.`,
    pictures: runs.length === 0 ? [] : barRows(runs.map(barOf), {
      limit: { value: limitSeconds, text: `limit ${delayText(limitSeconds)}` },
      labelWidth: 170,
    }),
    numbers: {
      caption: `Runs of ${train}, delays in seconds`,
      heads: ["date", "to", "what became of it", "at the final station", "worst", "worst at"],
      rows: runs.map((run) => [
        run.date,
        run.destination,
        run.fate,
        run.arrivalSeconds ?? "",
        run.worstSeconds ?? "",
        run.worstStation,
      ]),
    },
  };
}

function findingOf(
  runs: readonly LastRun[],
  { train, onTime, arrived }: { readonly train: string; readonly onTime: number; readonly arrived: number },
): string {
  const count = (fate: LastRun["fate"]) => runs.filter((run) => run.fate === fate).length;
  const rest = (["cancelled", "partly cancelled", "unfinished"] as const).flatMap((fate) =>
    count(fate) === 0 ? [] : [`${count(fate)} ${fate}`]
  );
  const share = arrived === 0
    ? `${train} arrived in none of its last ${counted(runs.length, "run")}`
    : arrived === 1
    ? `${train} was ${onTime === 1 ? "" : "not "}on time at its final station in the one run that arrived`
    : `${train} was on time at its final station in ${onTime} of ${counted(arrived, "run")}`;
  return [share, ...rest].join("; ");
}

function barOf(run: LastRun) {
  const { date, destination, fate, arrivalSeconds, worstSeconds, worstStation } = run;
  const hasArrived = fate === "arrived" && arrivalSeconds !== null;
  return {
    label: `${date} ${destination}`,
    value: hasArrived ? arrivalSeconds : null,
    look: run.isLate ? "hollow" as const : "fill" as const,
    mark: hasArrived ? worstSeconds : null,
    text: hasArrived
      ? delayText(arrivalSeconds) + worstText(worstSeconds, arrivalSeconds, worstStation)
      : fate,
  };
}

/** Where the worst was, when it was another than the last. */
function worstText(worst: number | null, arrival: number, station: string): string {
  return worst === null || worst - arrival < 60 ? "" : `, ${delayText(worst)} ${station}`;
}
