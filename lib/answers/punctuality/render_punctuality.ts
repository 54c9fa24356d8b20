/** Punctuality as a page for people, as JSON and as CSV. */
import { csvLine } from "../../text/csv_line.ts";
import { counted, foldLine, grouped, printable } from "../../printable.ts";
import { LICENCE, LICENCE_LINE } from "../../tables/licence.ts";
import { TRAIN_KINDS, type TrainKind } from "../../tables/rows/train_kinds.ts";
import { type TextColumn, textColumns } from "../../text/text_columns.ts";
import type { GroupBy } from "./group_keys.ts";
import type { Punctuality, PunctualityFigures, PunctualityGroup } from "./punctuality.ts";
import { delayText, lengthText } from "../../text/delay_text.ts";

/** What is shown, and how wide the terminal is. */
export interface PageOptions {
  readonly columns: number;
  /** Groups at most; all when 0. */
  readonly limit: number;
  /** Names the settings of the run in the commands that the page advises. */
  readonly completeCommands: (text: string) => string;
}

const TITLES: Readonly<Record<GroupBy, string>> = {
  category: "",
  line: "line",
  type: "type",
  operator: "operator",
  station: "final station",
  hour: "hour",
  weekday: "weekday",
  date: "date",
};
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** A table with what its figures mean; of no trains a sentence. */
export function renderPunctuality(
  found: Punctuality,
  { columns, limit, completeCommands }: PageOptions,
): string {
  const { groups, all, question: { by } } = found;
  const fold = (lines: readonly string[]) =>
    lines.map((line) => foldLine(completeCommands(line), { columns })).join("\n");
  if (all.trains === 0) return fold([noTrains(found), ...notes(found)]);
  const shown = limit === 0 ? groups : groups.slice(0, limit);
  const hidden = groups.length - shown.length;
  const total = { ...all, key: "", name: "all" };
  const lines = [
    ...(hidden === 0 ? [] : [`... and ${counted(hidden, "other")}; \`--limit 0\` shows all of them`]),
    ...notes(found),
    ...LICENCE.split("\n"),
  ];
  return [
    fold([titleOf(found)]),
    "",
    textColumns(columnsOf(TITLES[by], groups.length > 1 ? [...shown, total] : shown, by), columns),
    "",
    fold(lines),
  ].join("\n");
}

function titleOf({ question: { by, type, category }, all, firstDate, lastDate }: Punctuality): string {
  const days = firstDate === lastDate ? `${firstDate}` : `${firstDate} to ${lastDate}`;
  const which = [category, type && printable(type)].filter((word) => word !== undefined).join(" ");
  const apart = by === "category" ? "" : `, by ${TITLES[by]}`;
  return `Punctuality of ${grouped(all.trains)} ${which}${which === "" ? "" : " "}${
    all.trains === 1 ? "train" : "trains"
  }, departure ${firstDate === lastDate ? "date" : "dates"} ${days}${apart}`;
}

function columnsOf(title: string, groups: readonly PunctualityGroup[], by: GroupBy): readonly TextColumn[] {
  const column = (
    head: string,
    cell: (group: PunctualityGroup) => string,
    leaveOut?: number,
  ): TextColumn => ({
    ...{ head, cells: groups.map(cell) },
    ...(leaveOut === undefined ? {} : { leaveOut }),
  });
  return [
    { head: title, cells: groups.map((group) => nameOf(group, by)), isName: true },
    column("ran", ({ ran }) => grouped(ran)),
    column("on time", ({ onTimeShare, ran, onTime }) => shareText(onTimeShare, onTime === ran)),
    column("of all", (group) => shareText(group.onTimeShareWithCancelled, isAllOnTime(group)), 2),
    column("median", ({ medianSeconds }) => delayText(medianSeconds)),
    column("mean", ({ meanSeconds }) => delayText(meanSeconds), 5),
    column("sd", ({ deviationSeconds }) => lengthText(deviationSeconds), 6),
    column("p95", ({ p95Seconds }) => delayText(p95Seconds), 1),
    column("canc.", ({ cancelled }) => grouped(cancelled), 3),
    column("part", ({ partlyCancelled }) => grouped(partlyCancelled), 4),
  ];
}

function nameOf({ key, name }: PunctualityGroup, by: GroupBy): string {
  if (key === "") return name;
  if (by === "hour") return `${key}:00`;
  if (by === "weekday") return WEEKDAYS[Number(key) - 1] ?? key;
  return name === key || by === "category" ? name : `${key} ${name}`;
}

function isAllOnTime({ onTime, ran, cancelled, partlyCancelled }: PunctualityFigures): boolean {
  return onTime === ran + cancelled + partlyCancelled;
}

/** 100.0% only where none was late. */
export function shareText(share: number | null, isWhole: boolean): string {
  if (share === null) return "";
  return `${(isWhole ? 100 : Math.min(99.9, 100 * share)).toFixed(1)}%`;
}

/** What the columns mean, and which trains are in none of them. */
function notes(
  { kinds, all: { unfinished, ran, cancelled, partlyCancelled }, leftOut }: Punctuality,
): readonly string[] {
  const { deleted, otherCategories, ungrouped } = leftOut;
  return [
    ...(ran === 0 ? [] : [
      `on time: ${rulesOf(kinds)}`,
      "of all: the same share of all trains that ran or were cancelled, as a whole (canc.) or in part",
      "delays are those of trains that ran, at the final station, as minutes:seconds; half are at most the " +
      "median, 95 % at most p95; sd is their standard deviation",
    ]),
    ...(unfinished === 0 ? [] : [
      `${counted(unfinished, "other train")} on the way, or without a time at the end of the route` +
      (cancelled + partlyCancelled === 0
        ? ""
        : '; until they have one, cancelled trains weigh too much in "of all"'),
    ]),
    ...(deleted === 0 ? [] : [`${counted(deleted, "train")} taken out of the timetable`]),
    ...(otherCategories === 0
      ? []
      : [`${counted(otherCategories, "train")} of categories of which no punctuality is published`]),
    ...(ungrouped === 0 ? [] : [`${counted(ungrouped, "train")} without a value to tell them apart by`]),
  ];
}

/** The rules of these kinds, those with the same one together. */
function rulesOf(kinds: readonly TrainKind[]): string {
  const byRule = Map.groupBy(kinds.map((kind) => TRAIN_KINDS[kind]), ({ rule }) => rule);
  return byRule.entries().map(([rule, some]) => {
    const target = some.find(({ targetShare }) => targetShare !== undefined)?.targetShare;
    const aim = target === undefined ? "" : ` (target ${100 * target} %)`;
    return `${some.map(({ name }) => name).join(" and ")} ${rule}${aim}`;
  }).toArray().join("; ");
}

function noTrains({ question: { category, type, from, to }, knownDates }: Punctuality): string {
  if (knownDates === null) {
    return "There are no trains yet; the next `deno task process` adds those that wait.";
  }
  const { first, last } = knownDates;
  const dates = [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(to === undefined ? [] : [`to ${to}`]),
  ].join(" ");
  const which = [category, type && printable(type)].filter((word) => word !== undefined).join(" ");
  return `No ${
    which === "" ? "train" : `${which} train`
  } of which a punctuality is published departs ${dates}${
    dates === "" ? "on any date" : ""
  }; the table has the departure dates ${first} to ${last}.`;
}

/** One JSON object; shares are 0 to 1. */
export function renderPunctualityJson(found: Punctuality): string {
  const { kinds, ...result } = found;
  const rules = kinds.map((kind) => {
    const { name, rule, targetShare = null } = TRAIN_KINDS[kind];
    return { kind, name, rule, targetShare };
  });
  return printable(JSON.stringify({ ...result, rules, licence: LICENCE_LINE }));
}

/** A name from outside that a spreadsheet would take for a formula stays a text there. */
function inSpreadsheet(text: string): string {
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}

/** A line per group; shares are 0 to 1, delays are seconds. */
export function renderPunctualityCsv({ groups, question: { by } }: Punctuality): string {
  const fields = [
    ...["trains", "ran", "onTime", "onTimeShare", "onTimeShareWithCancelled", "medianSeconds"] as const,
    ...[
      "meanSeconds",
      "deviationSeconds",
      "p95Seconds",
      "cancelled",
      "partlyCancelled",
      "unfinished",
    ] as const,
  ];
  const lines = groups.map((group) => [
    ...[group.key, group.name].map((text) => inSpreadsheet(printable(text))),
    ...fields.map((field) => group[field] === null ? undefined : String(group[field])),
  ]);
  return [[by, "name", ...fields], ...lines].map(csvLine).join("").replace(/\r\n$/, "");
}
