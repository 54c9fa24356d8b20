/** Fields that the wire has and the schema does not: kept, counted, never a reason to reject. */
import { type CheckedTrain, KNOWN_FIELDS } from "./train_schema.ts";

/** JSON path of an unknown field, with `[]` for any place in a list, to the number of times it came. */
export type DriftCounts = Map<string, number>;

/** Counts all keys of the train as parsed, nested ones included, and notes the unknown ones in `drift`. */
export function countParsedKeys(train: CheckedTrain, drift: DriftCounts): number {
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
    const field = `${path}.${key.slice(0, 100)}`;
    // A hostile feed could invent a new name each time; the map stays bounded.
    if (drift.has(field) || drift.size < 1000) drift.set(field, (drift.get(field) ?? 0) + 1);
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
