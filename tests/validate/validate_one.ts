/** What becomes of the bytes of one message. */

import { readCarefully } from "../../lib/validate/read_carefully.ts";
import type { DriftCounts } from "../../lib/validate/schema_drift.ts";
import { createTrainValues } from "../../lib/validate/values/train_values.ts";

// One for all messages: what is left of one must not reach the next.
const values = createTrainValues();

/** A fault by its code, or the rows and the drift of a train. */
export function validateOne(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const drift: DriftCounts = new Map();
  const fault = readCarefully(bytes, values, drift);
  if (fault !== null) return fault.code === "not_utf8" ? { code: fault.code } : { ...fault };
  const { train } = values, rows = train.inside("timeTableRows");
  const numberOf = (name: string) => train.of(name).number(0);
  return {
    trainNumber: numberOf("trainNumber"),
    version: numberOf("version"),
    departureDay: numberOf("departureDate"),
    rows: Array.from({ length: rows.length }, (_, row) => ({
      scheduled: rows.of("scheduledTime").number(row),
      estimate: rows.of("liveEstimateTime").number(row),
      actual: rows.of("actualTime").number(row),
    })),
    drift: Object.fromEntries(drift),
  };
}
