/** What the standard table must hold, out of the trains that the simulator told last: a naive model of its rows. */
import type { Row } from "../../lib/delta/mod.ts";
import type { SimulatedTrain } from "../../lib/simulator/observe_train.ts";

/** One line per row, of all columns whose meaning is that of the wire; sorted. */
export function trueLines(
  trains: Iterable<SimulatedTrain>,
): readonly string[] {
  const lines: string[] = [];
  for (const train of trains) {
    for (const [at, row] of train.timeTableRows.entries()) {
      lines.push(line([
        ...[
          train.departureDate,
          train.trainNumber,
          at,
          train.version,
          train.deleted === true,
          train.cancelled,
        ],
        ...[train.trainType, train.trainCategory, train.commuterLineID ?? "", train.runningCurrently],
        ...[row.stationShortCode, row.type, row.cancelled, row.trainStopping, row.commercialTrack ?? ""],
        ...[row.scheduledTime, row.liveEstimateTime, row.actualTime].map(momentOf),
        row.differenceInMinutes ?? null,
      ]));
    }
  }
  return lines.sort();
}

/** The same of rows of the table. */
export function tableLines(rows: Iterable<Row>): readonly string[] {
  const lines: string[] = [];
  for (const row of rows) {
    lines.push(line([
      ...[dateOf(row.departureDate), Number(row.trainNumber), Number(row.rowNumber), Number(row.version)],
      ...[row.trainDeleted === true, row.trainCancelled, row.trainType, row.trainCategory],
      ...[row.commuterLineID ?? "", row.runningCurrently, row.stationShortCode, row.type, row.cancelled],
      ...[row.trainStopping, row.commercialTrack ?? ""],
      ...[row.scheduledTime, row.liveEstimateTime, row.actualTime].map(microsOf),
      row.differenceInMinutes === null ? null : Number(row.differenceInMinutes),
    ]));
  }
  return lines.sort();
}

function line(values: readonly unknown[]): string {
  return JSON.stringify(values);
}

function momentOf(time: string | null | undefined): number | null {
  return typeof time === "string" ? Date.parse(time) : null;
}

function microsOf(micros: unknown): number | null {
  return typeof micros === "bigint" ? Number(micros) / 1000 : null;
}

/** Days since 1970, or a text. */
function dateOf(date: unknown): string {
  return typeof date === "number" ? new Date(date * 86_400_000).toISOString().slice(0, 10) : String(date);
}
