/** Punctuality as a page with a picture. */
import { chartsPage } from "../../charts/charts_page.ts";
import { FEW_TRAINS } from "../../charts/few_trains.ts";
import { valueBars } from "../../charts/value_bars.ts";
import { counted } from "../../printable.ts";
import { TRAIN_KINDS } from "../../tables/rows/train_kinds.ts";
import type { Punctuality, PunctualityGroup } from "../punctuality/punctuality.ts";
import { delayText } from "../../text/delay_text.ts";

const HEADS = [
  ...["trains", "ran", "on time", "% on time", "% of all", "median", "mean", "95% at most", "cancelled"],
  ...["in part", "unfinished"],
];
const TARGET = 90;
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The page; the same answer gives the same bytes. */
export function punctualityPage(answer: Punctuality): string {
  const { question: { by }, groups, kinds, firstDate, lastDate } = answer;
  const nameOf = ({ key, name }: PunctualityGroup) =>
    by === "weekday" ? WEEKDAYS[Number(key) - 1] ?? name : by === "hour" ? `${name}:00` : name;
  const when = firstDate === null
    ? ""
    : firstDate === lastDate
    ? `, departure date ${firstDate}`
    : `, departure dates ${firstDate} to ${lastDate}`;
  const chart = valueBars(
    groups.map((group) => ({
      label: nameOf(group),
      value: percent(group.onTimeShare),
      isLate: (group.onTimeShare ?? 1) < TARGET / 100,
      text: group.onTimeShare === null
        ? "none has run"
        : `${percent(group.onTimeShare)}% of ${counted(group.ran, "train")}`,
    })),
    {
      id: "punctuality",
      finding: findingOf(answer, nameOf) + when,
      note:
        `Trains on time, in percent of those that ran to their end as planned; outlined: less than ${TARGET}%. ` +
        `On time: ${kinds.map((kind) => `${TRAIN_KINDS[kind].name} ${TRAIN_KINDS[kind].rule}`).join("; ")}.`,
      numbers: {
        caption: "Trains by " + by + "; delays as minutes:seconds at the final station",
        heads: [by, ...HEADS],
        rows: groups.map((group) => [
          nameOf(group),
          ...[group.trains, group.ran, group.onTime, percent(group.onTimeShare) ?? ""],
          percent(group.onTimeShareWithCancelled) ?? "",
          ...[group.medianSeconds, group.meanSeconds, group.p95Seconds].map(delayText),
          ...[group.cancelled, group.partlyCancelled, group.unfinished],
        ]),
      },
      limit: { value: TARGET, text: `${TARGET}%` },
      unit: 1,
    },
  );
  return chartsPage({
    title: `Punctuality by ${by}`,
    intro: `${counted(answer.all.trains, "train")} whose punctuality is published${when}.`,
    parts: [{ heading: `By ${by}`, chart }],
  });
}

function findingOf(
  { all, groups }: Punctuality,
  nameOf: (group: PunctualityGroup) => string,
): string {
  if (all.onTimeShare === null) return "No train has run to its end";
  const worst = groups.filter(({ ran }) => ran >= FEW_TRAINS).reduce<PunctualityGroup | null>(
    (bad, group) => bad === null || (group.onTimeShare ?? 1) < (bad.onTimeShare ?? 1) ? group : bad,
    null,
  );
  const whole = `${percent(all.onTimeShare)}% of ${counted(all.ran, "train")} were on time`;
  if (worst === null || worst.onTime === worst.ran || groups.length < 2) return whole;
  return `${whole}; least ${nameOf(worst)}: ${percent(worst.onTimeShare)}% of ${worst.ran}`;
}

/** 100 only where none was late. */
function percent(share: number | null): number | null {
  if (share === null) return null;
  return share === 1 ? 100 : Math.min(99.9, Math.round(1000 * share) / 10);
}
