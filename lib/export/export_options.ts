/** The options of `deno task export`. */
import { type OptionTable, switchOption } from "../cli/options.ts";
import { z } from "../packages/zod.ts";

/** How tables are written. */
const FORMATS = ["parquet", "csv", "geojson"] as const;

/** What is written, and where. */
export const EXPORT_OPTIONS = {
  format: {
    summary: "how the rows are written",
    value: FORMATS.join("|"),
    default: "csv",
    expected: `one of ${FORMATS.join(", ")}`,
    schema: z.enum(FORMATS),
  },
  version: {
    summary: "the table as it was at this version",
    value: "number",
    expected: "a whole number of at least 0",
    schema: z.string().regex(/^\d{1,15}$/).transform(Number).optional(),
  },
  out: {
    summary: "write to this file instead of standard output; it appears when it is whole",
    value: "file",
    expected: "a file",
    schema: z.string().min(1).optional(),
  },
  force: switchOption("replace the file when it is there"),
} as const satisfies OptionTable;
