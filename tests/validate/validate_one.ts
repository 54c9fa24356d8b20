/** What becomes of the bytes of one message. */

import { checkTrain } from "../../lib/validate/check_train.ts";
import { decodeText, parseMessage } from "../../lib/validate/parse_message.ts";
import type { DriftCounts } from "../../lib/validate/schema_drift.ts";

/** A fault by its code, or the rows and the drift of a train. */
export function validateOne(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const text = decodeText(bytes);
  if (text === null) return { code: "not_utf8" };
  const drift: DriftCounts = new Map();
  const train = parseMessage(bytes, text, drift);
  if ("code" in train) return { ...train };
  const times = checkTrain(train);
  if ("code" in times) return { ...times };
  const { departureDay, rows } = times;
  return {
    trainNumber: train.trainNumber,
    version: train.version,
    departureDay,
    rows,
    drift: Object.fromEntries(drift),
  };
}
