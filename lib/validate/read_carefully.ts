/** Reads any message by way of JSON.parse and zod, and says why it is no train when it is none. */
import { checkTrain } from "./check_train.ts";
import { type DriftRefusal, refuseDrift } from "./drift/refuse_drift.ts";
import { fillTrain } from "./values/fill_train.ts";
import { decodeText, parseMessage } from "./parse_message.ts";
import type { Fault } from "./rejection.ts";
import type { DriftCounts } from "./schema_drift.ts";
import type { TrainValues } from "./values/train_values.ts";

/** What goes along with a message. */
export interface CarefulOptions {
  /** What is new is counted here, refused or not. */
  readonly drift: DriftCounts;
  /** What is new and keeps the train out; nothing by default. */
  readonly refusal?: DriftRefusal | null;
}

/** Puts the train into `values`, or returns the fault that keeps it out. */
export function readCarefully(
  bytes: Uint8Array,
  values: TrainValues,
  { drift, refusal = null }: CarefulOptions,
): Fault | null {
  const text = decodeText(bytes);
  if (text === null) return { code: "not_utf8", message: "The bytes are no UTF-8", path: "$", rule: "S1" };
  const train = parseMessage(bytes, text, drift);
  if ("code" in train) return train;
  const fault = checkTrain(train) ?? (refusal && refuseDrift(train, refusal));
  if (fault === null) fillTrain(values, train);
  return fault;
}
