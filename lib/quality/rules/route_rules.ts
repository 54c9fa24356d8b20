/** Rules on the plan of a train along its route: C1, C4, C5, C9, C10, C11. */
import { helsinkiDay } from "../../tables/rows/helsinki_day.ts";
import { NO, YES } from "../../tables/rows/train_rows.ts";
import type { Rule } from "./rule.ts";

/** In the order of the report. */
export const ROUTE_RULES: readonly Rule[] = [
  {
    id: "C1",
    dimension: "consistency",
    severity: "E",
    grain: "row",
    title: "scheduledTime never decreases along the route",
    why: "a train cannot be scheduled to go back in time",
    count: {
      from: "rows",
      anomaly: "scheduledTime_out_of_order",
      revision: 1,
      breaks: (rows) => {
        const scheduled = rows.number("scheduledTime"), numbers = rows.number("trainNumber");
        return rows.where((row) =>
          (scheduled[row] ?? NaN) < (scheduled[row - 1] ?? NaN) && numbers[row] === numbers[row - 1]
        );
      },
    },
  },
  {
    id: "C4",
    dimension: "consistency",
    severity: "E",
    grain: "stop",
    title: "no train is planned to leave before arriving",
    why: "a stop takes no negative time",
    count: {
      from: "rows",
      anomaly: "stop_scheduled_backwards",
      revision: 1,
      breaks: (rows) => {
        const stops = rows.stops(), scheduled = rows.number("scheduledTime");
        return rows.where((row) => stops[row] === 1 && (scheduled[row] ?? NaN) < (scheduled[row - 1] ?? NaN));
      },
    },
  },
  {
    id: "C5",
    dimension: "consistency",
    severity: "E",
    grain: "train",
    title: "a route is pairs of departure and arrival",
    why: "running and dwell times are taken from these pairs",
    count: {
      from: "rows",
      anomaly: "route_broken",
      revision: 1,
      breaks: (rows) => {
        const isArrival = rows.isText("type", (type) => type === "ARRIVAL");
        const isDeparture = rows.isText("type", (type) => type === "DEPARTURE");
        const { codes } = rows.text("stationShortCode");
        return rows.whereTrain((from, to) => {
          if ((to - from) % 2 !== 0) return true;
          for (let row = from; row < to; row += 2) {
            if (isDeparture[row] !== 1 || isArrival[row + 1] !== 1) return true;
            if (row > from && codes[row] !== codes[row - 1]) return true;
          }
          return false;
        });
      },
    },
  },
  {
    id: "C9",
    dimension: "consistency",
    severity: "W",
    grain: "train",
    title: "a train is cancelled just as all its rows are",
    why: "two ways to ask whether it ran must have one answer",
    count: {
      from: "rows",
      anomaly: "cancellation_contradicts",
      revision: 1,
      breaks: (rows) => {
        const isCancelled = rows.flag("trainCancelled"), cancelled = rows.flag("cancelled");
        return rows.whereTrain((from, to) => {
          let all = true;
          for (let row = from; row < to && all; row++) all = cancelled[row] === YES;
          return all ? isCancelled[from] === NO : isCancelled[from] === YES;
        });
      },
    },
  },
  {
    id: "C10",
    dimension: "consistency",
    severity: "W",
    grain: "row",
    title: "commercialStop is given just where it stops",
    why: "otherwise stops for passengers cannot be told from others",
    count: {
      from: "rows",
      anomaly: "commercialStop_contradicts",
      revision: 1,
      breaks: (rows) => {
        const isCommercial = rows.flag("commercialStop"), isStopping = rows.flag("trainStopping");
        return rows.where((row) =>
          (isStopping[row] === YES) !== (isCommercial[row] === YES || isCommercial[row] === NO)
        );
      },
    },
  },
  {
    id: "C11",
    dimension: "consistency",
    severity: "W",
    grain: "train",
    title: "departureDate is the Finnish date of the start",
    why: "the date is half of a train's name",
    count: {
      from: "rows",
      anomaly: "departureDate_contradicts",
      revision: 1,
      breaks: (rows) => {
        const days = rows.number("departureDate"), scheduled = rows.number("scheduledTime");
        return rows.whereTrain((from) => {
          const time = scheduled[from] ?? NaN, day = days[from] ?? NaN;
          return !Number.isNaN(time) && !Number.isNaN(day) && helsinkiDay(time) !== day;
        });
      },
    },
  },
];
