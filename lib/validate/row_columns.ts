/** The columns of the standard table, filled train by train and already exploded to timetable rows. */
import type { Data } from "apache-arrow";
import { arrow } from "../packages/arrow.ts";
import type { ColumnBuffer } from "./column_buffer.ts";
import { CausesColumn, TrainReadyColumn } from "./nested_columns.ts";
import { BoolColumn, Int32Column, Int64Column } from "./number_columns.ts";
import { SHA1_HEX_LENGTH, writeSha1Hex } from "./sha1.ts";
import { DictionaryColumn, Utf8Column } from "./text_columns.ts";
import type { TimetableRow, Train } from "../train/train_schema.ts";

/** Where a message stands in the log, and its content hash as two 32-bit halves. */
export interface MessagePlace {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly hashLow: number;
  readonly hashHigh: number;
}

/** The times of one row in microseconds since 1970 UTC; null where the row has none. */
export interface RowTimes {
  readonly scheduled: number;
  readonly estimate: number | null;
  readonly actual: number | null;
}

const int64 = () => new Int64Column(new arrow.Int64());
const int32 = () => new Int32Column(new arrow.Int32());
const time = () => new Int64Column(new arrow.TimestampMicrosecond("UTC"));
const words = () => new DictionaryColumn();
const flag = () => new BoolColumn();

/** All columns in the order of the standard table. */
function createColumns() {
  return {
    trainNumber: int64(),
    departureDate: new Int32Column(new arrow.DateDay()),
    operatorUICCode: int64(),
    operatorShortCode: words(),
    trainType: words(),
    trainCategory: words(),
    commuterLineID: words(),
    runningCurrently: flag(),
    trainCancelled: flag(),
    version: int64(),
    timetableType: words(),
    timetableAcceptanceDate: words(),
    kafkaMessageTimestamp: time(),
    stationShortCode: words(),
    stationUICCode: int64(),
    countryCode: words(),
    type: words(),
    trainStopping: flag(),
    commercialStop: flag(),
    commercialTrack: words(),
    cancelled: flag(),
    scheduledTime: time(),
    liveEstimateTime: time(),
    estimateSource: words(),
    actualTime: time(),
    differenceInMinutes: int64(),
    causes: new CausesColumn(),
    trainReady: new TrainReadyColumn(),
    trainTravelId: new Utf8Column(),
    rowNumber: int32(),
    unknownDelay: flag(),
    unknownTrack: flag(),
    stopSector: words(),
    trainDeleted: flag(),
    contentHash: int64(),
    kafkaPartition: int32(),
    kafkaOffset: int64(),
  };
}

/** Column buffers of timetable rows, reused from chunk to chunk. */
export class RowColumns {
  readonly #columns = createColumns();

  /** Rows so far. */
  get length(): number {
    return this.#columns.trainNumber.length;
  }

  /** Appends all rows of a train that was checked; `departureDay` is days since 1970, `times` has one entry a row. */
  append(train: Train, departureDay: number, times: readonly RowTimes[], place: MessagePlace): void {
    this.#appendTrain(train, departureDay, place);
    train.timeTableRows.forEach((row, index) => {
      this.#appendStop(row);
      this.#appendTimes(row, times[index]);
      this.#appendIdentity(train.trainNumber, row, index);
    });
  }

  /** Arrow data per column, valid until the next append. */
  toData(): Record<string, Data> {
    const columns: Record<string, ColumnBuffer> = this.#columns;
    return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.toData()]));
  }

  clear(): void {
    for (const column of Object.values(this.#columns)) column.clear();
  }

  /** What is the same in all rows of the train. */
  #appendTrain(train: Train, departureDay: number, place: MessagePlace): void {
    const c = this.#columns, count = train.timeTableRows.length;
    c.trainNumber.append(train.trainNumber, count);
    c.departureDate.append(departureDay, count);
    appendOptional(c.operatorUICCode, train.operatorUICCode, count);
    c.operatorShortCode.append(train.operatorShortCode, count);
    appendOptional(c.trainType, train.trainType, count);
    appendOptional(c.trainCategory, train.trainCategory, count);
    appendOptional(c.commuterLineID, train.commuterLineID, count);
    appendOptional(c.runningCurrently, train.runningCurrently, count);
    appendOptional(c.trainCancelled, train.cancelled, count);
    c.version.append(train.version, count);
    appendOptional(c.timetableType, train.timetableType, count);
    appendOptional(c.timetableAcceptanceDate, train.timetableAcceptanceDate, count);
    c.kafkaMessageTimestamp.append(place.timestampMs * 1000, count);
    appendOptional(c.trainDeleted, train.deleted, count);
    c.contentHash.appendHalves(place.hashLow, place.hashHigh, count);
    c.kafkaPartition.append(place.partition, count);
    c.kafkaOffset.appendBigint(place.offset, count);
  }

  #appendStop(row: TimetableRow): void {
    const c = this.#columns;
    c.stationShortCode.append(row.stationShortCode);
    c.stationUICCode.append(row.stationUICCode);
    c.countryCode.append(row.countryCode);
    c.type.append(row.type);
    c.trainStopping.append(row.trainStopping);
    appendOptional(c.commercialStop, row.commercialStop);
    appendOptional(c.commercialTrack, row.commercialTrack);
    c.cancelled.append(row.cancelled);
    appendOptional(c.unknownTrack, row.unknownTrack);
    appendOptional(c.stopSector, row.stopSector);
    appendOptional(c.causes, row.causes);
    appendOptional(c.trainReady, row.trainReady);
  }

  #appendTimes(row: TimetableRow, times: RowTimes | undefined): void {
    const c = this.#columns;
    appendOptional(c.scheduledTime, times?.scheduled);
    appendOptional(c.liveEstimateTime, times?.estimate);
    appendOptional(c.actualTime, times?.actual);
    appendOptional(c.estimateSource, row.estimateSource);
    appendOptional(c.differenceInMinutes, row.differenceInMinutes);
    appendOptional(c.unknownDelay, row.unknownDelay);
  }

  /** The key that the replaced system gave its rows: times as the API writes them. */
  #appendIdentity(trainNumber: number, row: TimetableRow, index: number): void {
    const key = `${trainNumber}_${row.stationShortCode}_${row.scheduledTime}_${row.type}`;
    const column = this.#columns.trainTravelId;
    const position = column.reserve(SHA1_HEX_LENGTH);
    writeSha1Hex(key, column.bytes, position);
    this.#columns.rowNumber.append(index);
  }
}

/** Appends the value `count` times, or as many nulls when it is absent. */
function appendOptional<T>(
  column: { append(value: T, count?: number): void; appendNull(count?: number): void },
  value: T | null | undefined,
  count = 1,
): void {
  if (value === undefined || value === null) column.appendNull(count);
  else column.append(value, count);
}
