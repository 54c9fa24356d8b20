/** Rules on what has happened and what is expected: C2, C3, C4b, C6, C7, C8, C12, T3. */
import { NO, type TrainRows, YES } from "../../tables/rows/train_rows.ts";
import type { Rule } from "./rule.ts";

const MICROS_PER_MINUTE = 60_000_000;
/** Clocks differ; 39 s were seen. */
const FUTURE_TOLERANCE = 2 * MICROS_PER_MINUTE;

/** In the order of the report. */
export const TIME_RULES: readonly Rule[] = [
  {
    id: "T3",
    dimension: "timeliness",
    severity: "E",
    grain: "row",
    title: "actualTime is no later than its message",
    why: "a train cannot have been there after the message about it was written",
    count: {
      from: "rows",
      anomaly: "actualTime_in_future",
      revision: 1,
      breaks: (rows) => {
        const actual = rows.number("actualTime"), written = rows.number("kafkaMessageTimestamp");
        return rows.where((row) => (actual[row] ?? NaN) > (written[row] ?? NaN) + FUTURE_TOLERANCE);
      },
    },
  },
  {
    id: "C2",
    dimension: "consistency",
    severity: "W",
    grain: "row",
    title: "actualTime never decreases along the route",
    why: "a time that goes back was mostly entered by hand, and makes a running time negative",
    count: { from: "rows", anomaly: "actualTime_out_of_order", revision: 1, breaks: actualsGoingBack },
  },
  {
    id: "C3",
    dimension: "consistency",
    severity: "W",
    grain: "row",
    title: "estimates follow the last actual time, in order",
    why: "an estimate in the past of the train cannot come true",
    count: { from: "rows", anomaly: "estimate_out_of_order", revision: 1, breaks: estimatesGoingBack },
  },
  {
    id: "C4b",
    dimension: "consistency",
    severity: "W",
    grain: "stop",
    title: "no train leaves a stop before it has arrived",
    why: "a stop takes no negative time",
    count: {
      from: "rows",
      anomaly: "stop_backwards",
      revision: 1,
      breaks: (rows) => {
        const stops = rows.stops(),
          actual = rows.number("actualTime"),
          expected = rows.number("liveEstimateTime");
        const goesBack = (times: Float64Array, row: number) => (times[row] ?? NaN) < (times[row - 1] ?? NaN);
        return rows.where((row) => stops[row] === 1 && (goesBack(actual, row) || goesBack(expected, row)));
      },
    },
  },
  {
    id: "C6",
    dimension: "consistency",
    severity: "W",
    grain: "row",
    title: "differenceInMinutes follows from the times",
    why: "two ways to ask for a delay must have one answer",
    count: { from: "rows", anomaly: "differenceInMinutes_mismatch", revision: 1, breaks: wrongDifferences },
  },
  {
    id: "C7",
    dimension: "consistency",
    severity: "W",
    grain: "row",
    title: "a difference has a time that it is taken from",
    why: "nobody can say what it is the difference of",
    count: {
      from: "rows",
      anomaly: "difference_without_time",
      revision: 1,
      breaks: (rows) => {
        const difference = rows.number("differenceInMinutes"), isUnknown = rows.flag("unknownDelay");
        const actual = rows.number("actualTime"), expected = rows.number("liveEstimateTime");
        return rows.where((row) =>
          !Number.isNaN(difference[row]) && Number.isNaN(actual[row]) && Number.isNaN(expected[row]) &&
          isUnknown[row] !== YES
        );
      },
    },
  },
  {
    id: "C8",
    dimension: "consistency",
    severity: "E",
    grain: "row",
    title: "a cancelled row has no actualTime",
    why: "a train was not where it did not run",
    count: {
      from: "rows",
      anomaly: "cancelled_with_actualTime",
      revision: 1,
      breaks: (rows) => {
        const cancelled = rows.flag("cancelled"), actual = rows.number("actualTime");
        return rows.where((row) => cancelled[row] === YES && !Number.isNaN(actual[row]));
      },
    },
  },
  {
    id: "C12",
    dimension: "consistency",
    severity: "W",
    grain: "train",
    title: "a train runs from its first to its last time",
    why: "a train that is said to run and is not heard of, or the other way round",
    count: {
      from: "rows",
      anomaly: "runningCurrently_contradicts",
      revision: 1,
      breaks: (rows) => {
        const isRunning = rows.flag("runningCurrently"), actual = rows.number("actualTime");
        const cancelled = rows.flag("cancelled");
        return rows.whereTrain((from, to) => {
          let last = to - 1;
          while (last > from && cancelled[last] === YES) last--;
          let some = false;
          for (let row = from; row < to && !some; row++) some = !Number.isNaN(actual[row]);
          const runs = some && Number.isNaN(actual[last]);
          return isRunning[from] === (runs ? NO : YES);
        });
      },
    },
  },
];

function actualsGoingBack(rows: TrainRows): Uint8Array {
  const actual = rows.number("actualTime"), found = new Uint8Array(rows.rows);
  rows.eachTrain((from, to) => {
    let before = NaN;
    for (let row = from; row < to; row++) {
      const time = actual[row] ?? NaN;
      if (time < before) found[row] = 1;
      if (!Number.isNaN(time)) before = time;
    }
  });
  return found;
}

/** From the row after the last actual time on. */
function estimatesGoingBack(rows: TrainRows): Uint8Array {
  const actual = rows.number("actualTime"), expected = rows.number("liveEstimateTime");
  const found = new Uint8Array(rows.rows);
  rows.eachTrain((from, to) => {
    let last = to - 1;
    while (last >= from && Number.isNaN(actual[last])) last--;
    let before = last < from ? NaN : actual[last] ?? NaN;
    for (let row = last + 1; row < to; row++) {
      const time = expected[row] ?? NaN;
      if (time < before) found[row] = 1;
      if (!Number.isNaN(time)) before = time;
    }
  });
  return found;
}

/** floor((actual or else estimate - scheduled) / 60 s + 0.5) is what the source writes. */
function wrongDifferences(rows: TrainRows): Uint8Array {
  const actual = rows.number("actualTime"), expected = rows.number("liveEstimateTime");
  const scheduled = rows.number("scheduledTime"), difference = rows.number("differenceInMinutes");
  return rows.where((row) => {
    const time = Number.isNaN(actual[row]) ? expected[row] : actual[row];
    const minutes = Math.floor(((time ?? NaN) - (scheduled[row] ?? NaN)) / MICROS_PER_MINUTE + 0.5);
    const given = difference[row] ?? NaN;
    return minutes < given || minutes > given;
  });
}
