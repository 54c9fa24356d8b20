/** A train as the API writes it over MQTT, which is not quite as over REST. */
import type { SimulatedTrain } from "../observe_train.ts";

const UNKNOWN = "Unknown";

/** The payload: whole seconds without decimals, of every third train with them; "Unknown" instead of null. */
export function writePayload(train: SimulatedTrain): string {
  const { trainType, trainCategory, trainNumber } = train;
  const known = { ...train, trainType: trainType ?? UNKNOWN, trainCategory: trainCategory ?? UNKNOWN };
  const text = JSON.stringify(known);
  return trainNumber % 3 === 0 ? text : text.replaceAll(/(T\d\d:\d\d:\d\d)\.000Z"/g, '$1Z"');
}

/** The topic: what is null is an empty level, and wildcards are taken out. */
export function mqttTopic(train: SimulatedTrain): string {
  const { departureDate, trainNumber, trainCategory, trainType, operatorShortCode } = train;
  const { commuterLineID, runningCurrently, timetableType } = train;
  const levels = [departureDate, trainNumber, trainCategory, trainType, operatorShortCode];
  return ["trains", ...levels, commuterLineID, runningCurrently, timetableType]
    .map((level) => String(level ?? "").replaceAll(/[+#]/g, "")).join("/");
}
