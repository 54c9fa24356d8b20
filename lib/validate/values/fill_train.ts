/** A train that was parsed and checked, field by field. */
import { KIND } from "./field_table.ts";
import { dateToDays, timeToMicros } from "../iso_time.ts";
import type { FieldValues, ObjectValues, TrainValues } from "./train_values.ts";
import { ROW_KEY_FIELDS } from "./row_keys.ts";
import type { Train } from "../../train/train_schema.ts";

/** Puts the train in the place of the one before. */
export function fillTrain({ train, keys }: TrainValues, parsed: Train): void {
  train.clear();
  fillObject(train, parsed);
  keys.startTrain(parsed.trainNumber);
  for (const row of parsed.timeTableRows) {
    for (const name of ROW_KEY_FIELDS) keys.addText(row[name]);
    keys.endRow();
  }
}

/** Adds an object that has the shape of the schema. */
export function fillObject(values: ObjectValues, object: object): void {
  const place = values.add();
  const record = object as Readonly<Record<string, unknown>>;
  for (const field of values.fields) fillField(field, place, record[field.field.name]);
}

/** The value has the type that the schema gives the field. */
function fillField(field: FieldValues, place: number, value: unknown): void {
  const { kind, inside } = field;
  if (value === undefined || value === null) field.omit(place);
  else if (inside !== null) {
    const objects: readonly object[] = Array.isArray(value) ? value : [value];
    for (const object of objects) fillObject(inside, object);
    field.counts[place] = objects.length;
  } else if (kind === KIND.text) field.texts[place] = String(value);
  else if (kind === KIND.flag) field.flags[place] = Number(value);
  else if (kind === KIND.number) field.numbers[place] = Number(value);
  else field.numbers[place] = kind === KIND.date ? dateToDays(String(value)) : timeToMicros(String(value));
}
