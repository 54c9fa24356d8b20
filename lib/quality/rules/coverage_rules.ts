/** Rules on what a reader expects to find and the source does not always know: M1, M2, M3, M4, M5, M6. */
import { type TrainRows, YES } from "../../tables/rows/train_rows.ts";
import type { Rule } from "./rule.ts";

const MICROS_PER_MINUTE = 60_000_000;
/** A train has ended when so long ago its last time was planned. */
const ENDED_AFTER = 60 * MICROS_PER_MINUTE;
/** From this delay on the source is to name a cause. */
const LATE_MINUTES = 5;

/** In the order of the report. */
export const COVERAGE_RULES: readonly Rule[] = [
  {
    id: "M1",
    dimension: "completeness",
    severity: "W",
    grain: "row",
    title: "a stop that was passed has an actualTime",
    why: "without it the delay there is unknown; most of these are cargo trains",
    count: {
      from: "rows",
      anomaly: "passed_stop_without_actualTime",
      revision: 1,
      breaks: (rows) => {
        const isStopping = rows.flag("trainStopping"), cancelled = rows.flag("cancelled");
        const passed = passedRows(rows), actual = rows.number("actualTime");
        return rows.where((row) =>
          passed[row] === 1 && isStopping[row] === YES && cancelled[row] !== YES && Number.isNaN(actual[row])
        );
      },
    },
  },
  {
    id: "M2",
    dimension: "completeness",
    severity: "I",
    grain: "row",
    title: "a row that was passed has an actualTime",
    why: "stations without devices have no times; --explain M2 names the ten worst",
    source: "of a recorded morning six stations had no time at all, Havukoski half of them",
    worst: {
      by: "station",
      columns: ["trainNumber", "rowNumber", "stationShortCode", "cancelled", "actualTime"],
    },
    count: {
      from: "rows",
      anomaly: "passed_without_actualTime",
      revision: 1,
      units: runRows,
      breaks: (rows) => {
        const passed = runRows(rows), actual = rows.number("actualTime");
        return rows.where((row) => passed[row] === 1 && Number.isNaN(actual[row]));
      },
    },
  },
  {
    id: "M3",
    dimension: "completeness",
    severity: "W",
    grain: "train",
    title: "a train that has ended has its final actualTime",
    why: "punctuality is measured there",
    count: {
      from: "rows",
      anomaly: "ended_without_final_actualTime",
      revision: 1,
      breaks: (rows) => {
        const scheduled = rows.number("scheduledTime"), actual = rows.number("actualTime");
        const written = rows.number("kafkaMessageTimestamp"), cancelled = rows.flag("cancelled");
        return rows.whereTrain((from, to) => {
          let last = to - 1;
          while (last >= from && cancelled[last] === YES) last--;
          return last >= from && Number.isNaN(actual[last]) &&
            (written[last] ?? NaN) > (scheduled[last] ?? NaN) + ENDED_AFTER;
        });
      },
    },
  },
  {
    id: "M4",
    dimension: "completeness",
    severity: "I",
    grain: "train",
    title: "a passenger train late by 5 minutes has a cause",
    why: "causes are the only answer to why trains are late",
    count: {
      from: "rows",
      anomaly: "late_without_cause",
      revision: 1,
      breaks: (rows) => {
        const isPassenger = passengerRows(rows), causes = rows.listLength("causes");
        const difference = rows.number("differenceInMinutes"), actual = rows.number("actualTime");
        return rows.whereTrain((from, to) => {
          if (isPassenger[from] !== 1) return false;
          let isLate = false;
          for (let row = from; row < to; row++) {
            if (causes(row) > 0) return false;
            isLate ||= (difference[row] ?? NaN) >= LATE_MINUTES && !Number.isNaN(actual[row]);
          }
          return isLate;
        });
      },
    },
  },
  {
    id: "M5",
    dimension: "completeness",
    severity: "I",
    grain: "row",
    title: "a running train has an estimate at each stop",
    why: "passengers wait there",
    count: {
      from: "rows",
      anomaly: "stop_without_estimate",
      revision: 1,
      breaks: (rows) => {
        const isRunning = rows.flag("runningCurrently"), cancelled = rows.flag("cancelled");
        const expected = rows.number("liveEstimateTime"), isUnknown = rows.flag("unknownDelay");
        const actual = rows.number("actualTime"),
          passed = passedRows(rows),
          isStopping = rows.flag("trainStopping");
        return rows.where((row) =>
          isRunning[row] === YES && isStopping[row] === YES && cancelled[row] !== YES && passed[row] !== 1 &&
          Number.isNaN(actual[row]) && Number.isNaN(expected[row]) && isUnknown[row] !== YES
        );
      },
    },
  },
  {
    id: "M6",
    dimension: "completeness",
    severity: "I",
    grain: "train",
    title: "a train that has left was reported ready",
    why: "the driver's word is how a late start is told from a late signal",
    count: {
      from: "rows",
      anomaly: "departed_without_trainReady",
      revision: 1,
      breaks: (rows) => {
        const isPassenger = passengerRows(rows), isReady = rows.flag("trainReady.accepted");
        const actual = rows.number("actualTime");
        return rows.whereTrain((from) =>
          isPassenger[from] === 1 && !Number.isNaN(actual[from]) && isReady[from] !== YES
        );
      },
    },
  },
];

/** 1 per row with an actual time further along the route. */
function passedRows(rows: TrainRows): Uint8Array {
  return rows.once("passed", () => {
    const actual = rows.number("actualTime"), found = new Uint8Array(rows.rows);
    rows.eachTrain((from, to) => {
      let isPassed = 0;
      for (let row = to - 1; row >= from; row--) {
        found[row] = isPassed;
        if (!Number.isNaN(actual[row])) isPassed = 1;
      }
    });
    return found;
  });
}

/** Those of them that were not cancelled. */
function runRows(rows: TrainRows): Uint8Array {
  return rows.once("run", () => {
    const passed = passedRows(rows), cancelled = rows.flag("cancelled");
    return rows.where((row) => passed[row] === 1 && cancelled[row] !== YES);
  });
}

function passengerRows(rows: TrainRows): Uint8Array {
  return rows.isText("trainCategory", (category) => category === "Long-distance" || category === "Commuter");
}
