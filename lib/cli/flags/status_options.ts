/** The options of `deno task status`. */
import { type OptionTable, switchOption } from "../options.ts";

/** How it is shown. */
export const STATUS_OPTIONS = {
  json: switchOption("one JSON object instead of a page"),
} as const satisfies OptionTable;
