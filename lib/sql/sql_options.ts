/** The options of `deno task sql`. */
import { type Option, type OptionTable, switchOption } from "../cli/options.ts";
import { z } from "../packages/zod.ts";
import { SQL_FORMATS } from "./sql_formats.ts";

/** What is asked, and how the answer is written. */
export const SQL_OPTIONS = {
  format: {
    summary: "how the answer is written",
    value: SQL_FORMATS.join("|"),
    default: "table",
    expected: `one of ${SQL_FORMATS.join(", ")}`,
    schema: z.enum(SQL_FORMATS),
  },
  out: fileOption(
    "write the answer to this file instead of standard output; what was there is replaced as a whole",
  ),
  file: fileOption("read the question from this file"),
  limit: {
    summary: "at most this many rows (default 100 in the format table)",
    value: "count",
    expected: "a whole number of at least 1",
    schema: z.string().regex(/^\d{1,15}$/).transform(Number).pipe(z.int().min(1)).optional(),
  },
  asOf: {
    summary: "all tables as they were at this time",
    value: "time",
    expected: "a time with zone such as 2025-02-17T04:21:00Z",
    schema: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
  },
  tables: switchOption("instead of an answer the tables that may be asked, with their columns"),
} as const satisfies OptionTable;

function fileOption(summary: string): Option<string | undefined> {
  return { summary, value: "file", expected: "a file", schema: z.string().min(1).optional() };
}
