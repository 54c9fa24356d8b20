/** Punctuality of trains that are made by hand. */
import { dateFacts, tableColumns } from "../../lib/analysis/date_facts.ts";
import {
  type Punctuality,
  PunctualityCounter,
  type PunctualityQuestion,
} from "../../lib/answers/punctuality/punctuality.ts";
import { type MadeTrain, messageOf, WRITTEN } from "../analysis/made_trains.ts";
import { rowsOfTrains } from "../quality/count_trains.ts";

/** What a question gets of trains of one date. */
export async function punctualityOf(
  trains: readonly MadeTrain[],
  question: PunctualityQuestion = { by: "category" },
): Promise<Punctuality> {
  const counter = new PunctualityCounter(question);
  const rows = await rowsOfTrains(trains.map(messageOf), WRITTEN);
  const date = trains[0]?.date ?? "";
  counter.add(date, tableColumns(dateFacts(rows), "train_runs"));
  return counter.result({ knownDates: { first: date, last: date } });
}

/** A train from HKI to TPE with these delays at its ends; null where it was not yet. */
export function run(
  number: number,
  [departure, arrival]: readonly [number | null, number | null],
  { leaves = "2025-02-17T06:00:00Z", marks = "", ...fields }: {
    readonly leaves?: string;
    readonly marks?: string;
    readonly [field: string]: unknown;
  } = {},
): MadeTrain {
  const arrives = new Date(Date.parse(leaves) + 3_600_000).toISOString();
  return {
    ...{ number, date: "2025-02-17", ...fields },
    rows: [["HKI", "D", leaves, departure], ["TPE", "A", arrives, arrival, marks]],
  };
}
