/** The flags of `deno task table` as options; which verb accepts which is in `run_verb.ts`. */
import { z } from "../packages/zod.ts";
import type { Option, OptionTable } from "../cli/options.ts";
import type { TableFlags } from "./table_flags.ts";

const NAMES: Pick<Option<readonly string[] | undefined>, "value" | "expected" | "schema"> = {
  value: "a,b",
  expected: "column names, separated by commas",
  schema: z.string().transform((text) => text.split(",").map((name) => name.trim()))
    .refine((names) => names.every((name) => name !== "")).optional(),
};

const WHOLE_NUMBER = /^[0-9]{1,15}$/;

/** One option per member of {@linkcode TableFlags}. */
export const TABLE_OPTIONS = {
  columns: { summary: "cat: only these columns, in this order", ...NAMES },
  where: {
    summary:
      "cat, files: only rows, or files with rows, for which this is true, such as \"type = 'ARRIVAL' and version > 3\"",
    ...text("condition"),
  },
  version: { summary: "show, files, cat: the table as it was at this version", ...count("number", 0) },
  timestamp: {
    summary: "show, files, cat: the table as it was at this time",
    value: "time",
    expected: "a time with zone such as 2025-02-17T04:21:00Z",
    schema: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
  },
  limit: {
    summary: "cat: at most this many rows (default 20 in the format table); history: versions (default 20)",
    ...count("count", 1),
  },
  format: {
    summary: "cat: how rows are written",
    value: "table|ndjson|csv|arrow|parquet",
    default: "table",
    expected: '"table", "ndjson", "csv", "arrow" or "parquet"',
    schema: z.enum(["table", "ndjson", "csv", "arrow", "parquet"]),
  },
  out: { summary: "cat: write to this file instead of standard output", ...text("file") },
  partitions: { summary: "optimize: only partitions for which this is true", ...text("condition") },
  sortBy: { summary: "optimize: sort the rows of each partition, rewriting all of its files", ...NAMES },
  targetMb: {
    summary: "optimize: size of the new files (default delta.targetFileSize, or 134)",
    ...count("MB", 1),
  },
  dryRun: flag("vacuum: only list what would be removed"),
  retentionHours: {
    summary: "vacuum: how long removed files are kept (default delta.deletedFileRetentionDuration, or 168)",
    ...count("hours", 0),
  },
  force: flag("vacuum: allow a shorter retention than that of the table"),
  marks: {
    summary: "restore: what becomes of the marks of applications that have moved since (txn in show)",
    value: "restore|keep",
    expected: '"restore" or "keep"',
    schema: z.enum(["restore", "keep"]).optional(),
  },
  to: {
    summary: "restore: the version or the time to go back to",
    value: "version|time",
    expected: "a version, or a time with zone such as 2025-02-17T04:21:00Z",
    schema: z.union([
      z.string().regex(WHOLE_NUMBER).transform((text) => ({ version: Number(text) })),
      z.iso.datetime({ offset: true }).transform((text) => ({ timestampMs: Date.parse(text) })),
    ]).optional(),
  },
  json: flag("JSON instead of a page; one line per file or version"),
} as const satisfies OptionTable & { readonly [Name in keyof TableFlags]: Option<TableFlags[Name]> };

function text(value: string): Pick<Option<string | undefined>, "value" | "expected" | "schema"> {
  return { value, expected: `a ${value}`, schema: z.string().min(1).optional() };
}

function count(
  value: string,
  least: number,
): Pick<Option<number | undefined>, "value" | "expected" | "schema"> {
  const whole = z.string().regex(WHOLE_NUMBER).transform(Number).pipe(z.int().min(least)).optional();
  return { value, expected: `a whole number of at least ${least}`, schema: whole };
}

function flag(summary: string): Option<boolean> {
  return { summary, expected: "true or false", default: "false", schema: z.stringbool() };
}
