/** The columns of the standard table, filled train by train and already exploded to timetable rows. */
import type { Columns } from "../delta/mod.ts";
import { columnsOf } from "./column_buffer.ts";
import { EpochColumn } from "./epoch_column.ts";
import { CausesColumn, TrainReadyColumn } from "./nested_columns.ts";
import { BoolColumn, Int32Column, Int64Column } from "./number_columns.ts";
import type { ObjectValues, TrainValues } from "./values/train_values.ts";
import { SHA1_HEX_LENGTH } from "./sha1.ts";
import { DictionaryColumn, Utf8Column } from "./text_columns.ts";

/** Where a message stands in the log, and its content hash as two 32-bit halves. */
export interface MessagePlace {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly hashLow: number;
  readonly hashHigh: number;
  /** See `TrainRank`. */
  readonly sourceEpoch: number;
}

const int64 = () => new Int64Column();
const int32 = () => new Int32Column();
const words = () => new DictionaryColumn();
const flag = () => new BoolColumn();

/** Columns that are filled from the fields of the same name. */
const TRAIN_NUMBERS = ["trainNumber", "operatorUICCode", "version"] as const;
const TRAIN_TEXTS = [
  "operatorShortCode",
  "trainType",
  "trainCategory",
  "commuterLineID",
  "timetableType",
  "timetableAcceptanceDate",
] as const;
const ROW_TEXTS = [
  "stationShortCode",
  "countryCode",
  "type",
  "commercialTrack",
  "estimateSource",
  "stopSector",
] as const;
const ROW_NUMBERS = [
  "stationUICCode",
  "scheduledTime",
  "liveEstimateTime",
  "actualTime",
  "differenceInMinutes",
] as const;
const ROW_FLAGS = ["trainStopping", "commercialStop", "cancelled", "unknownDelay", "unknownTrack"] as const;

/** All columns in the order of the standard table. */
function createColumns() {
  return {
    trainNumber: int64(),
    departureDate: int32(),
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
    kafkaMessageTimestamp: int64(),
    stationShortCode: words(),
    stationUICCode: int64(),
    countryCode: words(),
    type: words(),
    trainStopping: flag(),
    commercialStop: flag(),
    commercialTrack: words(),
    cancelled: flag(),
    scheduledTime: int64(),
    liveEstimateTime: int64(),
    estimateSource: words(),
    actualTime: int64(),
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
    sourceEpoch: new EpochColumn(),
  };
}

/** Column buffers of timetable rows, reused from chunk to chunk. */
export class RowColumns {
  readonly #columns = createColumns();

  /** Rows so far. */
  get length(): number {
    return this.#columns.trainNumber.length;
  }

  /** Appends all rows of a train. */
  append({ train, keys }: TrainValues, place: MessagePlace): void {
    const rows = train.inside("timeTableRows");
    this.#appendTrain(train, rows.length, place);
    this.#appendRows(rows);
    this.#columns.trainTravelId.appendPacked(keys.hex, SHA1_HEX_LENGTH, rows.length);
  }

  /** Views of the columns, valid until the next append. */
  toColumns(): Columns {
    return columnsOf(this.#columns);
  }

  clear(): void {
    for (const column of Object.values(this.#columns)) column.clear();
  }

  /** What is the same in all rows of the train. */
  #appendTrain(train: ObjectValues, count: number, place: MessagePlace): void {
    const c = this.#columns;
    c.departureDate.append(train.of("departureDate").number(0) ?? 0, count);
    for (const name of TRAIN_NUMBERS) appendOptional(c[name], train.of(name).number(0), count);
    for (const name of TRAIN_TEXTS) appendOptional(c[name], train.of(name).text(0), count);
    appendOptional(c.runningCurrently, train.of("runningCurrently").flag(0), count);
    appendOptional(c.trainCancelled, train.of("cancelled").flag(0), count);
    appendOptional(c.trainDeleted, train.of("deleted").flag(0), count);
    c.kafkaMessageTimestamp.append(place.timestampMs * 1000, count);
    c.contentHash.appendHalves(place.hashLow, place.hashHigh, count);
    c.kafkaPartition.append(place.partition, count);
    c.kafkaOffset.appendBigint(place.offset, count);
    c.sourceEpoch.append(place.sourceEpoch, count);
  }

  /** What each row has of its own. */
  #appendRows(rows: ObjectValues): void {
    const c = this.#columns, count = rows.length;
    for (const name of ROW_TEXTS) c[name].appendAll(rows.of(name).texts, count);
    for (const name of ROW_NUMBERS) c[name].appendAll(rows.of(name).numbers, count);
    for (const name of ROW_FLAGS) c[name].appendAll(rows.of(name).flags, count);
    c.causes.appendAll(rows.of("causes"), count);
    c.trainReady.appendAll(rows.of("trainReady"), count);
    c.rowNumber.appendCounting(count);
  }
}

/** Appends the value `count` times, or as many nulls when it is absent. */
function appendOptional<T>(
  column: { append(value: T, count?: number): void; appendNull(count?: number): void },
  value: T | null,
  count: number,
): void {
  if (value === null) column.appendNull(count);
  else column.append(value, count);
}
