/** What somebody asks first of a day's trains, as one line each: how punctual, where time is lost, which was latest. Pure. */
import type { Row } from "../delta/mod.ts";
import { counted, printable } from "../printable.ts";
import { delayText } from "../text/delay_text.ts";

/** Rows of `train_runs` and `leg_delays`, and the stations' names by their codes. */
export interface HeadlineRows {
  readonly runs: readonly Row[];
  readonly legs: readonly Row[];
  readonly stationNames: ReadonlyMap<string, string>;
}

const LONG_DISTANCE = "Long-distance";
const PASSENGER: ReadonlySet<unknown> = new Set([LONG_DISTANCE, "Commuter"]);
/** A long-distance train is late from the next second on, as it is published. */
const ON_TIME_SECONDS = 300;

/** The lines; of what nothing is known, there is none. */
export function headlines({ runs, legs, stationNames }: HeadlineRows): readonly string[] {
  const place = (code: unknown) => printable(stationNames.get(`${code}`) ?? `${code}`);
  return [...punctuality(runs), ...worstLeg(legs, place), ...latestTrain(runs, place)];
}

/** Of trains that ran as a whole; cancelled ones are neither on time nor late. */
function punctuality(runs: readonly Row[]): readonly string[] {
  const arrived = runs.filter((run) =>
    run.trainCategory === LONG_DISTANCE && run.cancelled !== true && run.partiallyCancelled !== true
  ).flatMap(({ arrivalDelaySeconds }) => secondsOf(arrivalDelaySeconds));
  if (arrived.length === 0) return [];
  const onTime = arrived.filter((seconds) => seconds <= ON_TIME_SECONDS).length;
  // 100.0% only where none was late.
  const share = onTime < arrived.length ? Math.min(99.9, 100 * onTime / arrived.length) : 100;
  return [
    `on time    ${onTime} of ${counted(arrived.length, "long-distance train")} (${
      share.toFixed(1)
    }%), at most 5 min late at the end`,
  ];
}

/** The leg on which all trains together lost most; of equal ones the first by its stations' codes. */
function worstLeg(legs: readonly Row[], place: (code: unknown) => string): readonly string[] {
  const lost = new Map<string, { readonly seconds: number; readonly trains: number; readonly leg: Row }>();
  for (const leg of legs) {
    for (const added of secondsOf(leg.delayAddedSeconds)) {
      const key = JSON.stringify([leg.fromStation, leg.toStation]);
      const { seconds, trains } = lost.get(key) ?? { seconds: 0, trains: 0 };
      lost.set(key, { seconds: seconds + added, trains: trains + 1, leg });
    }
  }
  const worst = [...lost].sort(([a, one], [b, other]) => other.seconds - one.seconds || (a < b ? -1 : 1))[0];
  if (worst === undefined || worst[1].seconds <= 0) return [];
  const { seconds, trains, leg } = worst[1];
  return [
    `most lost  ${place(leg.fromStation)} to ${place(leg.toStation)}: ${delayText(seconds)} by ${
      counted(trains, "train")
    } together`,
  ];
}

/** Of those with passengers, at whatever station it was; of equal ones the lowest number. */
function latestTrain(runs: readonly Row[], place: (code: unknown) => string): readonly string[] {
  const late = runs.flatMap((run) =>
    PASSENGER.has(run.trainCategory)
      ? secondsOf(run.worstDelaySeconds).map((seconds) => ({ seconds, run }))
      : []
  );
  const numberOf = ({ run }: { readonly run: Row }) => Number(run.trainNumber);
  const [worst] = late.sort((a, b) => b.seconds - a.seconds || numberOf(a) - numberOf(b));
  if (worst === undefined || worst.seconds <= 0) return [];
  const { seconds, run: { trainType, commuterLineID, trainNumber, worstDelayStation } } = worst;
  return [
    `latest     ${printable(`${commuterLineID || trainType || ""} ${trainNumber}`.trim())}, ${
      delayText(seconds)
    } at ${place(worstDelayStation)}`,
  ];
}

function secondsOf(value: unknown): readonly number[] {
  return typeof value === "bigint" || typeof value === "number" ? [Number(value)] : [];
}
