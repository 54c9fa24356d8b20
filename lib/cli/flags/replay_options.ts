/** The options of `deno task replay`. */
import { z } from "../../packages/zod.ts";
import { type OptionTable, switchOption } from "../options.ts";

/** When its files were fetched, and how it tells what it did. */
export const REPLAY_OPTIONS = {
  fetchedAt: {
    summary: "when the responses were fetched (default now)",
    value: "time",
    expected: "a time with zone such as 2025-02-17T04:21:00Z, from 1970 on",
    schema: z.iso.datetime({ offset: true }).transform(Date.parse).pipe(z.int().min(0)).optional(),
  },
  json: switchOption("print one line of JSON per file"),
} as const satisfies OptionTable;
