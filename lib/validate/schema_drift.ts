/**
 * Fields that the wire has and the schema does not (rule S2), and values that open lists did not have so far (V2b):
 * kept, counted, never a reason to reject.
 */
import { KNOWN_FIELDS, KNOWN_VALUES, type TimetableRow, type Train } from "../train/train_schema.ts";
import { nameOfField, nameOfValue } from "./drift/drift_names.ts";

/**
 * What is unknown to the number of times it came: the JSON path of a field, with `[]` for any place in a list, or
 * `<path>=<value>` of an open list.
 */
export type DriftCounts = Map<string, number>;

/** What a train has of open lists. */
export interface OpenValues {
  readonly timetableType?: string | null | undefined;
  readonly timeTableRows: readonly Pick<TimetableRow, "estimateSource" | "countryCode">[];
}

/** A hostile feed could invent a new name each time; what comes after so many names is counted as one. */
const NAME_LIMIT = 1000;
const OTHERS = "(others)";

/** Adds to the count of a name, within the limit of names. */
export function addDrift(drift: DriftCounts, name: string, count: number): void {
  const kept = drift.has(name) || drift.size < NAME_LIMIT ? name : OTHERS;
  drift.set(kept, (drift.get(kept) ?? 0) + count);
}

/** Adds the counts of one message. */
export function addCounts(drift: DriftCounts, counts: DriftCounts): void {
  for (const [name, count] of counts) addDrift(drift, name, count);
}

/** Counts the values of open lists that are new. */
export function countNewValues(train: OpenValues, drift: DriftCounts): void {
  countValue("$.timetableType", train.timetableType, { known: KNOWN_VALUES.timetableType, drift });
  for (const { estimateSource, countryCode } of train.timeTableRows) {
    countValue("$.timeTableRows[].estimateSource", estimateSource, {
      known: KNOWN_VALUES.estimateSource,
      drift,
    });
    countValue("$.timeTableRows[].countryCode", countryCode, { known: KNOWN_VALUES.countryCode, drift });
  }
}

function countValue(
  path: string,
  value: string | null | undefined,
  { known, drift }: { readonly known: ReadonlySet<string>; readonly drift: DriftCounts },
): void {
  const name = nameOfValue(path, value, known);
  if (name !== null) addDrift(drift, name, 1);
}

/** Counts all keys of the train as parsed, nested ones included, and counts the unknown ones in `drift`. */
export function countParsedKeys(train: Train, drift: DriftCounts): number {
  let count = inspect(train, KNOWN_FIELDS.train, "$", drift);
  for (const row of train.timeTableRows) {
    count += inspect(row, KNOWN_FIELDS.row, "$.timeTableRows[]", drift);
    for (const cause of row.causes ?? []) {
      count += inspect(cause, KNOWN_FIELDS.cause, "$.timeTableRows[].causes[]", drift);
    }
    if (row.trainReady) {
      count += inspect(row.trainReady, KNOWN_FIELDS.trainReady, "$.timeTableRows[].trainReady", drift);
    }
  }
  return count;
}

function inspect(object: object, known: ReadonlySet<string>, path: string, drift: DriftCounts): number {
  const keys = Object.keys(object);
  let count = keys.length;
  for (const key of keys) {
    if (known.has(key)) continue;
    addDrift(drift, nameOfField(path, key), 1);
    count += countNested(Reflect.get(object, key));
  }
  return count;
}

/** Keys of all objects inside a value of unknown shape; a stack of its own, since depth has no limit. */
function countNested(value: unknown): number {
  const open = [value];
  let count = 0;
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    const children = Object.values(next);
    if (!Array.isArray(next)) count += children.length;
    for (const child of children) open.push(child);
  }
  return count;
}
