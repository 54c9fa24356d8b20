/** The options of the scripts that are steps of `deno task pipeline`, which takes them too. */
import { z } from "zod";
import { type OptionTable, switchOption } from "./options.ts";

/** `deno task fetch`. */
export const FETCH_OPTIONS = {
  full: switchOption("publish all trains, also those published before"),
  json: switchOption("print the counts as one line of JSON"),
} as const satisfies OptionTable;

/** `deno task process`. */
export const PROCESS_OPTIONS = {
  maxBatchMb: {
    summary: "message bytes of one batch, which is one commit per table",
    value: "MB",
    default: "32",
    expected: "a whole number from 1 to 1024",
    schema: z.string().regex(/^[0-9]{1,4}$/).transform(Number).pipe(z.int().min(1).max(1024)),
  },
  json: switchOption("one JSON object instead of a line"),
} as const satisfies OptionTable;

/** `deno task report`. */
export const REPORT_OPTIONS = {
  json: switchOption("one JSON object instead of a page"),
} as const satisfies OptionTable;
