/** The options of `deno task backfill`. */
import { z } from "../../packages/zod.ts";
import { type Option, type OptionTable, switchOption } from "../options.ts";

/** Which days, from where, and how fast. */
export const BACKFILL_OPTIONS = {
  from: dateOption("the first departure date"),
  to: dateOption("the last departure date, tomorrow at most"),
  archives: switchOption(
    "fetch months that are complete from their monthly archives (back to 2015), the other days by date",
  ),
  again: switchOption("fetch days that are done once more"),
  jobs: {
    summary: "days or archives that are fetched at once",
    value: "count",
    default: "2",
    expected: "a whole number from 1 to 4",
    schema: z.string().regex(/^[1-4]$/).transform(Number),
  },
  requestsPerMinute: {
    summary: "requests at most, of all jobs together; the API allows 60 a minute to those it does not know",
    value: "count",
    default: "30",
    expected: "a whole number from 1 to 60",
    schema: z.string().regex(/^\d{1,2}$/).transform(Number).pipe(z.int().min(1).max(60)),
  },
  dryRun: switchOption("only say which days are missing, and how many requests they take"),
  json: switchOption("print the counts as one line of JSON"),
} as const satisfies OptionTable;

function dateOption(summary: string): Option<string> {
  return { summary, value: "date", expected: "a date such as 2024-01-31", schema: z.iso.date() };
}
