/** Rules on what has to be there: S3, S4. */
import { UNKNOWN } from "../../tables/rows/train_rows.ts";
import type { Rule } from "./rule.ts";

const isNone = (word: string): boolean => word === "";

/** In the order of the report. */
export const PRESENCE_RULES: readonly Rule[] = [
  {
    id: "S3",
    dimension: "completeness",
    severity: "E",
    grain: "train",
    title: "a train has an operator and two rows at least",
    why: "a route has a beginning and an end, and somebody runs it",
    count: {
      from: "rows",
      anomaly: "train_incomplete",
      revision: 1,
      breaks: (rows) => {
        const hasNoOperator = rows.isText("operatorShortCode", isNone);
        return rows.whereTrain((from, to) => to - from < 2 || hasNoOperator[from] === 1);
      },
    },
  },
  {
    id: "S3b",
    dimension: "completeness",
    severity: "W",
    grain: "train",
    title: "a train has a type and a category",
    why: "both may be absent by contract; figures by category then lack the train",
    count: {
      from: "rows",
      anomaly: "train_without_category",
      revision: 1,
      breaks: (rows) => {
        const hasNoType = rows.isText("trainType", isNone);
        const hasNoCategory = rows.isText("trainCategory", isNone);
        return rows.whereTrain((from) => hasNoType[from] === 1 || hasNoCategory[from] === 1);
      },
    },
  },
  {
    id: "S4",
    dimension: "completeness",
    severity: "E",
    grain: "row",
    title: "a row has its place, time, type and state",
    why: "without station, country, time, type, cancelled and stopping it is no timetable row",
    count: {
      from: "rows",
      anomaly: "row_incomplete",
      revision: 1,
      breaks: (rows) => {
        const found = new Uint8Array(rows.rows);
        for (const name of ["stationShortCode", "countryCode", "type"]) {
          const none = rows.isText(name, isNone);
          for (let row = 0; row < found.length; row++) if (none[row] === 1) found[row] = 1;
        }
        for (const name of ["stationUICCode", "scheduledTime"]) {
          const numbers = rows.number(name);
          for (let row = 0; row < found.length; row++) if (Number.isNaN(numbers[row])) found[row] = 1;
        }
        for (const name of ["cancelled", "trainStopping"]) {
          const flags = rows.flag(name);
          for (let row = 0; row < found.length; row++) if (flags[row] === UNKNOWN) found[row] = 1;
        }
        return found;
      },
    },
  },
];
