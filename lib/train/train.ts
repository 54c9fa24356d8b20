/** The train as Digitraffic's `GET /api/v1/live-trains` writes it. Absent values are absent keys or "". */

/** A reason for a deviation. Ids are stable, codes are not unique. */
export interface Cause {
  readonly categoryCode?: string;
  readonly detailedCategoryCode?: string;
  readonly thirdCategoryCode?: string;
  readonly categoryCodeId?: number;
  readonly detailedCategoryCodeId?: number;
  readonly thirdCategoryCodeId?: number;
}

/** The notice that a train is ready to leave. */
export interface TrainReady {
  readonly source?: string;
  readonly accepted?: boolean;
  /** ISO-8601 with zone. */
  readonly timestamp?: string;
}

/** One arrival or departure at one station. */
export interface TimetableRow {
  readonly stationShortCode: string;
  readonly stationUICCode: number;
  readonly countryCode: string;
  readonly type: "ARRIVAL" | "DEPARTURE";
  readonly trainStopping: boolean;
  readonly commercialStop?: boolean;
  readonly commercialTrack?: string;
  readonly cancelled: boolean;
  /** ISO-8601 with zone, like all times here. */
  readonly scheduledTime: string;
  readonly liveEstimateTime?: string;
  readonly estimateSource?: string;
  readonly unknownDelay?: boolean;
  readonly unknownTrack?: boolean;
  readonly stopSector?: string;
  readonly actualTime?: string;
  /** Whole minutes, positive when late. */
  readonly differenceInMinutes?: number;
  readonly causes?: readonly Cause[];
  readonly trainReady?: TrainReady;
}

/** One train of one departure date; `(departureDate, trainNumber)` is its identity, `version` rises with each change. */
export interface Train {
  readonly trainNumber: number;
  /** YYYY-MM-DD, Helsinki date of the first departure. */
  readonly departureDate: string;
  readonly operatorUICCode: number;
  readonly operatorShortCode: string;
  readonly trainType: string;
  readonly trainCategory: string;
  readonly commuterLineID?: string;
  readonly runningCurrently: boolean;
  readonly cancelled: boolean;
  readonly deleted?: boolean;
  /** A global, rising batch number of the API. */
  readonly version: number;
  readonly timetableType?: string;
  readonly timetableAcceptanceDate?: string;
  readonly timeTableRows: readonly TimetableRow[];
}
