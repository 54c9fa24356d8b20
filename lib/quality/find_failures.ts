/** Finds rows of the standard table that break a rule, by the counts that its files carry. */
import type { DeltaTable } from "../delta/mod.ts";
import { countsOf } from "../tables/count_tags.ts";
import { readTrainRows } from "./read_train_rows.ts";
import type { RuleCounter } from "./row_counter.ts";
import type { RowsCount } from "./rules/rule.ts";
import type { TrainRows } from "../tables/rows/train_rows.ts";

/** A row that breaks a rule; of a stop its departure, of a leg its arrival, of a train its first row. Times are microseconds since 1970 UTC. */
export interface FailingRow {
  readonly departureDate: string;
  readonly trainNumber: number;
  readonly trainType: string | null;
  readonly rowNumber: number;
  readonly station: string | null;
  readonly type: string | null;
  readonly scheduledTime: number | null;
  readonly actualTime: number | null;
  readonly liveEstimateTime: number | null;
  readonly differenceInMinutes: number | null;
  /** Where the message is in the log. */
  readonly partition: number;
  readonly offset: number;
}

const MS_PER_DAY = 86_400_000;

/**
 * Up to `limit` rows, those of the newest files first. Reads the files that have some and no others, one at a time;
 * files that carry no counts are looked into.
 */
export async function findFailures(
  standard: DeltaTable,
  { anomaly, breaks }: RowsCount,
  { counter, limit }: { readonly counter: RuleCounter; readonly limit: number },
): Promise<readonly FailingRow[]> {
  const files = [...standard.snapshot.files.values()]
    .filter((add) =>
      countsOf(add, counter)?.[`anomaly.${anomaly}`] !== undefined || countsOf(add, counter) === null
    )
    .sort((a, b) => b.modificationTime - a.modificationTime || (a.path < b.path ? -1 : 1));
  const found: FailingRow[] = [];
  for (const add of files) {
    if (found.length >= limit) break;
    const rows = await readTrainRows(standard, add);
    const flags = breaks(rows, counter.lists);
    for (let row = 0; row < flags.length && found.length < limit; row++) {
      if (flags[row] !== 0) found.push(failingRow(rows, row));
    }
  }
  return found;
}

function failingRow(rows: TrainRows, row: number): FailingRow {
  const numberAt = (name: string) => orNull(rows.number(name)[row]);
  const textAt = (name: string) => {
    const { codes, words } = rows.text(name);
    return words[codes[row] ?? -1] ?? null;
  };
  const day = numberAt("departureDate");
  return {
    departureDate: day === null ? "" : new Date(day * MS_PER_DAY).toISOString().slice(0, 10),
    trainNumber: numberAt("trainNumber") ?? 0,
    trainType: textAt("trainType"),
    rowNumber: numberAt("rowNumber") ?? 0,
    station: textAt("stationShortCode"),
    type: textAt("type"),
    scheduledTime: numberAt("scheduledTime"),
    actualTime: numberAt("actualTime"),
    liveEstimateTime: numberAt("liveEstimateTime"),
    differenceInMinutes: numberAt("differenceInMinutes"),
    partition: numberAt("kafkaPartition") ?? 0,
    offset: numberAt("kafkaOffset") ?? 0,
  };
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
