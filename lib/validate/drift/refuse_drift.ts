/** Trains that a schema policy keeps out for a field or a value that nobody knows. Plain data, so that a worker gets it too. */
import { fieldStep, printable } from "../../printable.ts";
import { KNOWN_FIELDS, KNOWN_VALUES, type Train } from "../../train/train_schema.ts";
import { describeValue, type Fault } from "../rejection.ts";
import { nameOfField, nameOfValue } from "./drift_names.ts";

/** What is refused. */
export interface DriftRefusal {
  readonly fields: boolean;
  readonly values: boolean;
  /** Names of drift, as it is counted, that are let through. */
  readonly known: readonly string[];
}

/** A refusal, and from which offset on it holds; from the first one of partitions that are not named. */
export interface PlacedRefusal extends DriftRefusal {
  readonly from: ReadonlyMap<number, bigint>;
}

/** An object of a train: what it is called in names of drift, and its own path. */
interface Place {
  readonly name: string;
  readonly path: () => string;
  readonly known: ReadonlySet<string>;
}

/**
 * The first fault, or null: fields before values; of the train, then row by row, in a row its own, its causes', its
 * trainReady's; of one object in the order in which JavaScript keeps its keys.
 */
export function refuseDrift(train: Train, refusal: DriftRefusal): Fault | null {
  return (refusal.fields ? refuseFields(train, refusal.known) : null) ??
    (refusal.values ? refuseValues(train, refusal.known) : null);
}

function refuseFields(train: Train, letThrough: readonly string[]): Fault | null {
  const find = (object: object, place: Place) => refuseField(object, place, letThrough);
  const whole = find(train, { name: "$", path: () => "$", known: KNOWN_FIELDS.train });
  if (whole !== null) return whole;
  const name = "$.timeTableRows[]";
  for (const [at, row] of train.timeTableRows.entries()) {
    const path = () => `$.timeTableRows[${at}]`;
    let fault = find(row, { name, path, known: KNOWN_FIELDS.row });
    for (const [i, cause] of (row.causes ?? []).entries()) {
      const ofCause = { name: `${name}.causes[]`, path: () => `${path()}.causes[${i}]` };
      fault ??= find(cause, { ...ofCause, known: KNOWN_FIELDS.cause });
    }
    const ready = { name: `${name}.trainReady`, path: () => `${path()}.trainReady` };
    if (row.trainReady) fault ??= find(row.trainReady, { ...ready, known: KNOWN_FIELDS.trainReady });
    if (fault !== null) return fault;
  }
  return null;
}

function refuseField(
  object: object,
  { name, path, known }: Place,
  letThrough: readonly string[],
): Fault | null {
  const field = Object.keys(object).find((key) =>
    !known.has(key) && !letThrough.includes(nameOfField(name, key))
  );
  if (field === undefined) return null;
  const at = path() + fieldStep(field);
  const found = describeValue(Reflect.get(object, field));
  return fault(at, `Found ${found} at ${at}, expected no field but those of the schema`);
}

function refuseValues(train: Train, letThrough: readonly string[]): Fault | null {
  const { timetableType, estimateSource, countryCode } = KNOWN_VALUES;
  const find = (value: string | null | undefined, { name, path, known }: Place) => {
    const drift = nameOfValue(name, value, known);
    if (drift === null || letThrough.includes(drift)) return null;
    return fault(path(), `Found ${describeValue(value)} at ${path()}, expected ${[...known].join(" or ")}`);
  };
  const type = { name: "$.timetableType", path: () => "$.timetableType", known: timetableType };
  const whole = find(train.timetableType, type);
  if (whole !== null) return whole;
  for (const [at, row] of train.timeTableRows.entries()) {
    const placeOf = (field: string, known: ReadonlySet<string>): Place => ({
      name: `$.timeTableRows[].${field}`,
      path: () => `$.timeTableRows[${at}].${field}`,
      known,
    });
    const found = find(row.estimateSource, placeOf("estimateSource", estimateSource)) ??
      find(row.countryCode, placeOf("countryCode", countryCode));
    if (found !== null) return found;
  }
  return null;
}

function fault(path: string, message: string): Fault {
  return { code: "schema_drift", message: printable(message), path, rule: "S2" };
}
