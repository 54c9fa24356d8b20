/** Punctuality as it is published, worked out of the rows of `train_runs`. Pure. */
import type { Columns } from "../../delta/mod.ts";
import { kindOf, TRAIN_KINDS, type TrainKind } from "../../tables/rows/train_kinds.ts";
import { TrainRows, YES } from "../../tables/rows/train_rows.ts";
import { DelayCounts, type DelayFigures } from "../delay_counts.ts";
import { compareKeys, type GroupBy, groupColumn, groupKeys } from "./group_keys.ts";

/** Which trains, and by what they are told apart. */
export interface PunctualityQuestion {
  readonly by: GroupBy;
  /** Departure dates, YYYY-MM-DD, both of them among those that count; all when absent. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** One category alone. */
  readonly category?: PunctualityCategory | undefined;
  /** One type of trains alone, in capital or small letters: "IC". */
  readonly type?: string | undefined;
}

/** A category whose punctuality is published. */
export type PunctualityCategory = "long-distance" | "commuter" | "freight";

/** Trains, and how many of them were on time, each by the rule of its kind. */
export interface PunctualityFigures extends DelayFigures {
  /** All that count: those that ran, cancelled, partly cancelled and unfinished ones. */
  readonly trains: number;
  /** Ran to their end, nothing of them cancelled: the delays are theirs. */
  readonly ran: number;
  readonly onTime: number;
  readonly cancelled: number;
  /** Some of their rows are cancelled: neither on time nor late. */
  readonly partlyCancelled: number;
  /** On their way, or without a time by which they are on time or not: in no share. */
  readonly unfinished: number;
  /** Of those that ran; null of none. */
  readonly onTimeShare: number | null;
  /** Of those that ran and all that were cancelled, as a whole or in part. */
  readonly onTimeShareWithCancelled: number | null;
}

/** The figures of trains that have something in common. */
export interface PunctualityGroup extends PunctualityFigures {
  /** What it is: a kind, a line, the code of a station, an hour "07", a weekday "1" (Monday) to "7". */
  readonly key: string;
  /** For people. */
  readonly name: string;
}

/** All that is known; what a renderer gets. */
export interface Punctuality {
  readonly question: PunctualityQuestion;
  /** The first and the last departure date that were looked at, and how many; null where there is none. */
  readonly firstDate: string | null;
  readonly lastDate: string | null;
  readonly dates: number;
  readonly groups: readonly PunctualityGroup[];
  /** Of all groups together. */
  readonly all: PunctualityFigures;
  /** The kinds that are among the trains, with their rules. */
  readonly kinds: readonly TrainKind[];
  readonly leftOut: LeftOut;
  /** The first and the last departure date that the table has; null where it is empty. */
  readonly knownDates: KnownDates | null;
}

/** From a date to a date. */
export interface KnownDates {
  readonly first: string;
  readonly last: string;
}

/** Trains that are in no figure. */
interface LeftOut {
  /** Taken out of the timetable long before. */
  readonly deleted: number;
  /** Of categories of which no punctuality is published. */
  readonly otherCategories: number;
  /** Without a value of what groups are told apart by, such as a line. */
  readonly ungrouped: number;
}

/** The columns of `train_runs` that the question needs. */
export function punctualityColumns({ by, type }: PunctualityQuestion): readonly string[] {
  const column = groupColumn(by);
  return [
    ...new Set([
      ...["trainCategory", "commuterLineID", "departureDelaySeconds", "arrivalDelaySeconds"],
      ...["cancelled", "partiallyCancelled", "deleted"],
      ...(column === null ? [] : [column]),
      ...(type === undefined ? [] : ["trainType"]),
    ]),
  ];
}

/** Takes the rows of departure dates, in whatever order, and says what they come to. */
export class PunctualityCounter {
  readonly #question: PunctualityQuestion;
  readonly #groups = new Map<string, GroupCounts>();
  readonly #kinds = new Set<TrainKind>();
  readonly #dates = new Set<string>();
  readonly #leftOut = { deleted: 0, otherCategories: 0, ungrouped: 0 };

  constructor(question: PunctualityQuestion) {
    this.#question = question;
  }

  /** Adds trains of a departure date; null where another engine has written none. */
  add(date: string | null, columns: Columns): void {
    if (date !== null) this.#dates.add(date);
    const rows = new TrainRows(columns);
    const kindAt = kindsOf(rows), keyAt = groupKeys(this.#question.by, { rows, date, kindAt });
    const isMeant = filterOf(this.#question, rows);
    const departed = rows.number("departureDelaySeconds"), arrived = rows.number("arrivalDelaySeconds");
    const cancelled = rows.flag("cancelled"), partly = rows.flag("partiallyCancelled");
    const deleted = rows.flag("deleted");
    for (let row = 0; row < rows.rows; row++) {
      const kind = kindAt(row);
      if (!isMeant(row, kind)) continue;
      const counts = this.#countsFor(kind, kind === null ? null : keyAt(row), deleted[row] === YES);
      if (kind === null || counts === null) continue;
      if (cancelled[row] === YES) counts.cancelled++;
      else if (partly[row] === YES) counts.partlyCancelled++;
      else counts.addRun(kind, arrived[row] ?? NaN, departed[row] ?? NaN);
    }
  }

  /** Says what all of it comes to; `names` gives the names of codes where they are known. */
  result(
    { names, knownDates = null }: {
      readonly names?: ReadonlyMap<string, string> | null;
      readonly knownDates?: KnownDates | null;
    } = {},
  ): Punctuality {
    const { by } = this.#question;
    const all = new GroupCounts();
    for (const counts of this.#groups.values()) all.addAll(counts);
    const dates = [...this.#dates].sort();
    const groups = [...this.#groups].map(([key, counts]): PunctualityGroup => ({
      ...{ key, name: names?.get(key) ?? (by === "category" ? TRAIN_KINDS[key as TrainKind].name : key) },
      ...counts.figures(),
    }));
    return {
      question: this.#question,
      firstDate: dates[0] ?? null,
      lastDate: dates.at(-1) ?? null,
      dates: dates.length,
      groups: groups.sort(compareKeys(by)),
      all: all.figures(),
      kinds: (Object.keys(TRAIN_KINDS) as TrainKind[]).filter((kind) => this.#kinds.has(kind)),
      leftOut: { ...this.#leftOut },
      knownDates,
    };
  }

  /** Null where a train is left out. */
  #countsFor(kind: TrainKind | null, key: string | null, isDeleted: boolean): GroupCounts | null {
    if (kind === null) this.#leftOut.otherCategories++;
    else if (isDeleted) this.#leftOut.deleted++;
    else if (key === null) this.#leftOut.ungrouped++;
    if (kind === null || isDeleted || key === null) return null;
    this.#kinds.add(kind);
    let counts = this.#groups.get(key);
    if (counts === undefined) this.#groups.set(key, counts = new GroupCounts());
    return counts;
  }
}

class GroupCounts {
  readonly delays = new DelayCounts();
  ran = 0;
  onTime = 0;
  cancelled = 0;
  partlyCancelled = 0;
  unfinished = 0;

  addRun(kind: TrainKind, arrived: number, departed: number): void {
    const { asksDeparture, isOnTime } = TRAIN_KINDS[kind];
    if (Number.isNaN(arrived) || (asksDeparture && Number.isNaN(departed))) {
      this.unfinished++;
      return;
    }
    this.ran++;
    this.delays.add(arrived);
    if (isOnTime(arrived, departed)) this.onTime++;
  }

  addAll(others: GroupCounts): void {
    this.delays.addAll(others.delays);
    this.ran += others.ran;
    this.onTime += others.onTime;
    this.cancelled += others.cancelled;
    this.partlyCancelled += others.partlyCancelled;
    this.unfinished += others.unfinished;
  }

  figures(): PunctualityFigures {
    const { ran, onTime, cancelled, partlyCancelled, unfinished } = this;
    const withCancelled = ran + cancelled + partlyCancelled;
    return {
      trains: withCancelled + unfinished,
      ...{ ran, onTime, cancelled, partlyCancelled, unfinished },
      onTimeShare: ran === 0 ? null : onTime / ran,
      onTimeShareWithCancelled: withCancelled === 0 ? null : onTime / withCancelled,
      ...this.delays.figures(),
    };
  }
}

/** Whether a row is one of those that are asked for. */
function filterOf(
  { category, type }: PunctualityQuestion,
  rows: TrainRows,
): (row: number, kind: TrainKind | null) => boolean {
  const kinds: readonly (TrainKind | null)[] | null = category === undefined
    ? null
    : CATEGORY_KINDS[category];
  const isType = type === undefined
    ? null
    : rows.isText("trainType", (found) => found.toUpperCase() === type.toUpperCase());
  return (row, kind) => (kinds === null || kinds.includes(kind)) && (isType === null || isType[row] === 1);
}

const CATEGORY_KINDS: Readonly<Record<PunctualityCategory, readonly TrainKind[]>> = {
  "long-distance": ["longDistance"],
  "commuter": ["commuter", "commuterAIKP"],
  "freight": ["freight"],
};

/** Each pair of a category and a line is looked up once. */
function kindsOf(rows: TrainRows): (row: number) => TrainKind | null {
  const categories = rows.text("trainCategory"), lines = rows.text("commuterLineID");
  const width = lines.words.length + 1;
  const known: (TrainKind | null)[] = [];
  for (const category of [undefined, ...categories.words]) {
    for (const line of [undefined, ...lines.words]) known.push(kindOf(category, line));
  }
  return (row) => known[((categories.codes[row] ?? -1) + 1) * width + (lines.codes[row] ?? -1) + 1] ?? null;
}
