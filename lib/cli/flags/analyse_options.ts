/** The options of `deno task analyse`. */
import { type OptionTable, switchOption } from "../options.ts";

/** What is worked out, and how it is shown. */
export const ANALYSE_OPTIONS = {
  rebuild: switchOption("all departure dates anew, instead of those that are outdated"),
  json: switchOption("one JSON object instead of a line"),
} as const satisfies OptionTable;
