/** Reads any message by way of JSON.parse and zod, and says why it is no train when it is none. */
import { checkTrain } from "./check_train.ts";
import { fillTrain } from "./values/fill_train.ts";
import { decodeText, parseMessage } from "./parse_message.ts";
import type { Fault } from "./rejection.ts";
import type { DriftCounts } from "./schema_drift.ts";
import type { TrainValues } from "./values/train_values.ts";

/** Puts the train into `values`, or returns the fault that keeps it out; what is new is counted in `drift`. */
export function readCarefully(bytes: Uint8Array, values: TrainValues, drift: DriftCounts): Fault | null {
  const text = decodeText(bytes);
  if (text === null) return { code: "not_utf8", message: "The bytes are no UTF-8", path: "$", rule: "S1" };
  const train = parseMessage(bytes, text, drift);
  if ("code" in train) return train;
  const fault = checkTrain(train);
  if (fault === null) fillTrain(values, train);
  return fault;
}
