/**
 * What somebody asks first of a day's trains, as one line each: how punctual, where time is lost, which was latest. Pure. The
 * figures are those of `deno task punctuality` and `deno task charts`, by the same code: one question has one answer.
 */
import { type RankedLeg, worstLeg } from "../charts/rank_legs.ts";
import { counted, foldLine, printable } from "../printable.ts";
import { TRAIN_KINDS } from "../tables/rows/train_kinds.ts";
import { delayText } from "../text/delay_text.ts";
import type { PicturedRun } from "./pictures/run_rows.ts";
import type { PunctualityFigures } from "./punctuality/punctuality.ts";
import { shareText } from "./punctuality/render_punctuality.ts";

/** What the lines are made of. */
export interface HeadlineFigures {
  /** Of the long-distance trains. */
  readonly punctuality: PunctualityFigures;
  readonly runs: readonly PicturedRun[];
  /** Legs of one departure date, their stations by name. */
  readonly legs: readonly RankedLeg[];
  readonly legsDate: string;
  readonly nameOf: (station: string) => string;
}

/** Of a terminal, less the indent that the demo gives them. */
const COLUMNS = 78;
const HEAD = "on time    ";

/** The lines; of what nothing is known, there is none. */
export function headlines(figures: HeadlineFigures): readonly string[] {
  const lines = [...onTime(figures), ...mostLost(figures), ...latestTrain(figures)];
  return lines.map((line) => foldLine(line, { columns: COLUMNS, indent: HEAD.length }));
}

function onTime({ punctuality: { ran, onTime, onTimeShare } }: HeadlineFigures): readonly string[] {
  if (ran === 0) return [];
  const { name, rule } = TRAIN_KINDS.longDistance;
  return [
    `${HEAD}${onTime} of ${counted(ran, `${name} train`)} (${
      shareText(onTimeShare, onTime === ran)
    }), ${rule}`,
  ];
}

function mostLost({ legs, legsDate }: HeadlineFigures): readonly string[] {
  const worst = worstLeg(legs);
  if (worst === undefined) return [];
  const { category, from, to, trains, meanSeconds } = worst;
  const mean = delayText(meanSeconds);
  const which = printable(category).toLowerCase();
  return [
    `most lost  ${printable(from)} to ${printable(to)}: ${mean}, mean of ${
      counted(trains, `${which} train`)
    } on ${legsDate}`,
  ];
}

/** Of those with passengers, at whatever station it was; of equal ones the lowest number. */
function latestTrain({ runs, nameOf }: HeadlineFigures): readonly string[] {
  const late = runs.flatMap((run) =>
    run.kind !== null && run.kind !== "freight" && run.worstSeconds !== null
      ? [{ seconds: run.worstSeconds, run }]
      : []
  );
  const [worst] = late.sort((a, b) => b.seconds - a.seconds || a.run.number - b.run.number);
  if (worst === undefined || worst.seconds <= 0) return [];
  const { seconds, run: { name, worstStation } } = worst;
  return [
    `latest     ${printable(name)}, ${delayText(seconds)} at ${printable(nameOf(worstStation))}`,
  ];
}
