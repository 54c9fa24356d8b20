/** One message through the scanner and through the careful way: what the scanner takes has to be the same. */

import { TrainScanner } from "../../../lib/validate/scan/train_scanner.ts";
import { readCarefully } from "../../../lib/validate/read_carefully.ts";
import type { Fault } from "../../../lib/validate/rejection.ts";
import type { DriftCounts } from "../../../lib/validate/schema_drift.ts";
import { KIND } from "../../../lib/validate/values/field_table.ts";
import {
  createTrainValues,
  type FieldValues,
  type ObjectValues,
} from "../../../lib/validate/values/train_values.ts";

/** What the careful way found, whether the scanner took the message, and where the two differ. */
export interface BothWays {
  readonly fault: Fault | null;
  readonly values: ReturnType<typeof createTrainValues>;
  readonly drift: DriftCounts;
  readonly isTaken: boolean;
  readonly difference: string | null;
}

// One of each for all messages: what is left of one must not reach the next.
const scanned = createTrainValues(), careful = createTrainValues();
const scanner = new TrainScanner(scanned);
const NOTHING = new Uint8Array();

/** Reads the bytes as a message that stands between others, which must not matter. */
export function readBothWays(
  message: Uint8Array,
  { before = NOTHING, after = NOTHING }: { readonly before?: Uint8Array; readonly after?: Uint8Array } = {},
): BothWays {
  const from = before.length, bytes = new Uint8Array(from + message.length + after.length);
  bytes.set(before);
  bytes.set(message, from);
  bytes.set(after, from + message.length);
  const scannedDrift: DriftCounts = new Map(), drift: DriftCounts = new Map();
  const isTaken = scanner.scan(bytes, from, from + message.length, scannedDrift);
  const fault = readCarefully(message, careful, { drift });
  const found = { fault, values: careful, drift, isTaken };
  if (!isTaken) {
    return { ...found, difference: scannedDrift.size === 0 ? null : "drift of what was not taken" };
  }
  if (fault !== null) return { ...found, difference: `taken, expected ${fault.message}` };
  return { ...found, difference: difference(drift, scannedDrift) };
}

function difference(expected: DriftCounts, found: DriftCounts): string | null {
  const [first, second] = [expected, found].map((drift) => JSON.stringify([...drift]));
  if (first !== second) return `drift ${second}, expected ${first}`;
  const ids = (values: typeof careful) => values.keys.hex.subarray(0, 40 * rowsOf(values));
  if (!ids(careful).every((byte, i) => byte === scanned.keys.hex[i])) return "ids of the rows";
  return differentObjects(careful.train, scanned.train, "$");
}

function rowsOf({ train }: typeof careful): number {
  return train.inside("timeTableRows").length;
}

function differentObjects(expected: ObjectValues, found: ObjectValues, path: string): string | null {
  if (expected.length !== found.length) {
    return `${found.length} objects at ${path}, expected ${expected.length}`;
  }
  for (const field of expected.fields) {
    const name = `${path}.${field.field.name}`, other = found.of(field.field.name);
    for (let i = 0; i < expected.length; i++) {
      const [first, second] = [valueAt(field, i), valueAt(other, i)];
      if (!Object.is(first, second)) return `${second} at ${name}[${i}], expected ${first}`;
    }
    if (field.inside === null || other.inside === null) continue;
    const inside = differentObjects(field.inside, other.inside, name);
    if (inside !== null) return inside;
  }
  return null;
}

function valueAt(field: FieldValues, object: number): unknown {
  if (field.inside !== null) return field.counts[object];
  if (field.kind === KIND.text) return field.text(object);
  return field.kind === KIND.flag ? field.flag(object) : field.number(object);
}
