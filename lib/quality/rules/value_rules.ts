/** Rules on single values: V2, A1, A3. */
import type { TrainRows } from "../../tables/rows/train_rows.ts";
import type { Rule } from "./rule.ts";

const MAX_TRAIN_NUMBER = 99_999;
const MAX_UIC_CODE = 99_999;
const MICROS_PER_MINUTE = 60_000_000;
/** Cargo trains run hours early as a habit. */
const CARGO_MINUTES = { early: -600, late: 720 };
const OTHER_MINUTES = { early: -30, late: 360 };

/** In the order of the report. */
export const VALUE_RULES: readonly Rule[] = [
  {
    id: "V2",
    dimension: "validity",
    severity: "E",
    grain: "row",
    title: "train numbers and types of rows are known",
    why: "everything else is looked up by these: 1 to 99999, ARRIVAL or DEPARTURE",
    count: {
      from: "rows",
      anomaly: "value_out_of_range",
      revision: 1,
      breaks: (rows) => {
        const numbers = rows.number("trainNumber");
        const isOther = rows.isText(
          "type",
          (type) => type !== "" && type !== "ARRIVAL" && type !== "DEPARTURE",
        );
        return rows.where((row) => {
          const number = numbers[row] ?? NaN;
          return isOther[row] === 1 || number < 1 || number > MAX_TRAIN_NUMBER;
        });
      },
    },
  },
  {
    id: "V2b",
    dimension: "validity",
    severity: "W",
    grain: "row",
    title: "station codes of the UIC are 1 to 99999",
    why: "a station is found by its number in every other source",
    count: {
      from: "rows",
      anomaly: "station_number_out_of_range",
      revision: 1,
      breaks: (rows) => {
        const codes = rows.number("stationUICCode");
        return rows.where((row) => {
          const code = codes[row] ?? NaN;
          return code < 1 || code > MAX_UIC_CODE;
        });
      },
    },
  },
  {
    id: "A1",
    dimension: "accuracy",
    severity: "W",
    grain: "row",
    title: "delays are plausible for the category",
    why: "30 min early or 6 h late (cargo: 10 h, 12 h) is mostly a wrong date or time entered by hand",
    count: {
      from: "rows",
      anomaly: "delay_implausible",
      revision: 1,
      breaks: (rows) => {
        const actual = rows.number("actualTime"), scheduled = rows.number("scheduledTime");
        const isCargo = rows.isText("trainCategory", (category) => category === "Cargo");
        return rows.where((row) => {
          const minutes = ((actual[row] ?? NaN) - (scheduled[row] ?? NaN)) / MICROS_PER_MINUTE;
          const { early, late } = isCargo[row] === 1 ? CARGO_MINUTES : OTHER_MINUTES;
          return minutes < early || minutes > late;
        });
      },
    },
  },
  {
    id: "A3",
    dimension: "accuracy",
    severity: "I",
    grain: "row",
    title: "an actualTime is not on a whole minute",
    why: "devices write seconds, people whole minutes; --explain A3 names the ten stations with most",
    source:
      "a device hits a whole minute once in sixty times; of a recorded morning 160 of 6,652 times are on one",
    worst: { by: "station", columns: ["trainNumber", "rowNumber", "stationShortCode", "actualTime"] },
    count: {
      from: "rows",
      anomaly: "actualTime_on_whole_minute",
      revision: 1,
      units: timedRows,
      breaks: (rows) => {
        const actual = rows.number("actualTime");
        // Exact for any time of these centuries, and a tenth of what `%` costs.
        return rows.where((row) => {
          const minutes = (actual[row] ?? NaN) / MICROS_PER_MINUTE;
          return minutes === Math.floor(minutes);
        });
      },
    },
  },
];

function timedRows(rows: TrainRows): Uint8Array {
  const actual = rows.number("actualTime");
  return rows.where((row) => !Number.isNaN(actual[row]));
}
