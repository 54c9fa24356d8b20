/** The options of the tasks that answer questions: `punctuality`, `train`, `station`. */
import { z } from "../../packages/zod.ts";
import { countOption, type Option, type OptionTable } from "../options.ts";

const GROUPINGS = ["category", "line", "type", "operator", "station", "hour", "weekday", "date"] as const;
const CATEGORIES = ["long-distance", "commuter", "freight"] as const;
const TABLE_FORMATS = ["table", "json", "csv", "html"] as const;

/** `deno task punctuality`. */
export const PUNCTUALITY_OPTIONS = {
  by: {
    summary:
      "what trains are told apart by: the final station; hour and weekday of the planned departure in Finland",
    value: "what",
    default: "category",
    expected: `one of ${GROUPINGS.join(", ")}`,
    schema: z.enum(GROUPINGS),
  },
  from: dateOption("the first departure date (default the first there is)"),
  to: dateOption("the last departure date (default the last there is)"),
  category: {
    summary: "trains of one category alone",
    value: CATEGORIES.join("|"),
    expected: `one of ${CATEGORIES.join(", ")}`,
    schema: z.enum(CATEGORIES).optional(),
  },
  type: {
    summary: "trains of one type alone, such as IC",
    value: "type",
    expected: "a type of trains, such as IC or HL",
    schema: z.string().min(1).max(100).optional(),
  },
  limit: countOption({ summary: "lines of the table at most, 0: all", most: 100_000, default: "40" }),
  format: {
    summary: "a table for people, JSON or CSV with exact figures, or a page with pictures",
    value: TABLE_FORMATS.join("|"),
    default: "table",
    expected: `one of ${TABLE_FORMATS.join(", ")}`,
    schema: z.enum(TABLE_FORMATS),
  },
  out: outOption(),
} as const satisfies OptionTable;

/** `deno task train`. */
export const TRAIN_OPTIONS = {
  last: runsOption(),
  date: dateOption("the departure date of the newest run that is shown (default the newest there is)"),
  format: pageFormat(),
  out: outOption(),
} as const satisfies OptionTable;

/** `deno task station`. */
export const STATION_OPTIONS = {
  date: dateOption("the day, in Finnish time (default the newest with trains there)"),
  after: {
    summary: "only what comes and goes from this time on",
    value: "time",
    expected: "a time of the day such as 07:30",
    schema: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/).optional(),
  },
  limit: countOption({ summary: "trains of the table at most, 0: all", most: 100_000, default: "40" }),
  format: pageFormat(),
  out: outOption(),
} as const satisfies OptionTable;

function runsOption(): Option<number> {
  return {
    summary: "how many runs, the newest first",
    value: "count",
    default: "10",
    expected: "a whole number from 1 to 1000",
    schema: z.string().regex(/^\d{1,4}$/).transform(Number).pipe(z.int().min(1).max(1000)),
  };
}

function pageFormat() {
  return {
    summary: "a page for people, JSON with exact figures, or a page with pictures",
    value: "table|json|html",
    default: "table",
    expected: "table, json or html",
    schema: z.enum(["table", "json", "html"]),
  } as const;
}

function dateOption(summary: string): Option<string | undefined> {
  return {
    summary,
    value: "date",
    expected: "a date such as 2026-02-17",
    schema: z.iso.date().optional(),
  };
}

function outOption(): Option<string | undefined> {
  return {
    summary: "write to this file instead of standard output; what was there is replaced as a whole",
    value: "file",
    expected: "a file",
    schema: z.string().min(1).optional(),
  };
}
