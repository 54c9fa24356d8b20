/** The options of the scripts that are steps of `deno task pipeline`, which takes them too. */
import { z } from "../../packages/zod.ts";
import { FAIL_ON } from "../fail_on.ts";
import { type OptionTable, switchOption } from "../options.ts";

/** The formats of the report. */
const FORMATS = ["text", "json", "ndjson", "junit", "github", "markdown", "html", "openlineage"] as const;

const HOURS = "a number of hours from 0 to 100000";

/** `deno task fetch`. */
export const FETCH_OPTIONS = {
  full: switchOption(
    "publish all trains, also those published before; with --metadata: ask for all of it again",
  ),
  json: switchOption("print the counts as one line of JSON"),
} as const satisfies OptionTable;

/** What `deno task fetch` has beside them, and the pipeline has not: its own step is the trains. */
export const METADATA_OPTIONS = {
  anew: switchOption(
    "the source was set up anew, with lower versions: publish all its trains as newer than all before",
  ),
  metadata: switchOption(
    "instead of trains fetch stations, operators, train types, categories and causes into tables, once a day",
  ),
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
  keepFilesHours: {
    summary:
      "how long data files and log files stay after they left a table; 0 only when nothing else writes " +
      "(default 168, with --follow 0.25)",
    value: "hours",
    env: "KEEP_FILES_HOURS",
    expected: HOURS,
    schema: hours().optional(),
  },
  keepMessagesHours: {
    summary: "how long the embedded broker keeps messages that are in the tables",
    value: "hours",
    env: "KEEP_MESSAGES_HOURS",
    default: "168",
    expected: HOURS,
    schema: hours(),
  },
  json: switchOption("one JSON object instead of a line"),
} as const satisfies OptionTable;

/** `deno task report`. */
export const REPORT_OPTIONS = {
  format: {
    summary: "what the report is for: people, programs, a CI system, GitHub Actions (default text)",
    value: FORMATS.join("|"),
    expected: `one of ${FORMATS.join(", ")}`,
    schema: z.enum(FORMATS).optional(),
  },
  out: {
    summary: "write to this file instead of standard output; what was there is replaced as a whole",
    value: "file",
    expected: "a file",
    schema: z.string().min(1).optional(),
  },
  failOn: {
    summary: "what ends with exit code 3: a broken E rule or an account that does not add up (error), " +
      "also a broken W rule (warn), or nothing",
    value: FAIL_ON.join("|"),
    default: "error",
    expected: `one of ${FAIL_ON.join(", ")}`,
    schema: z.enum(FAIL_ON),
  },
  json: switchOption("the same as --format json, which takes precedence"),
  explain: {
    summary: "instead of the report what one rule is for, and ten rows that break it",
    value: "rule",
    expected: "the id of a rule, such as C2",
    schema: z.string().regex(/^[A-Za-z]\d{1,2}[a-z]?$/).optional(),
  },
  ascii: switchOption("draw bars in ASCII, for terminals without block characters"),
  run: {
    summary: "the report, --explain, --by or --diff of this run, as things were then",
    value: "id",
    expected: "latest, previous, or the ID of a run or the beginning of one, see --runs",
    schema: z.string().min(1).max(200).optional(),
  },
  runs: switchOption("instead of the report the runs that there are, with their IDs"),
  diff: switchOption("instead of the report what has changed since the run before"),
  baseline: {
    summary: "instead of the report what has changed since this run",
    value: "id",
    expected: "previous, or the ID of a run or the beginning of one, see --runs",
    schema: z.string().min(1).max(200).optional(),
  },
  since: {
    summary: "instead of the report what has changed since then",
    value: "time",
    expected: "a time as ISO-8601 with zone, or how long ago, such as 24h or 7d",
    schema: z.union([
      z.iso.datetime({ offset: true }).transform((time) => ({ atMs: Date.parse(time) })),
      z.string().regex(/^\d{1,4}[hd]$/).transform((age) => ({
        agoMs: parseInt(age) * (age.endsWith("h") ? 1 : 24) * 3_600_000,
      })),
    ]).optional(),
  },
  init: switchOption("print a quality.yaml with all limits, to be changed and put beside the tables"),
  contract: switchOption(
    "instead of the report the data contract of the standard table, with the limits that apply (ODCS 3.1)",
  ),
  by: {
    summary: "instead of the report the rules on rows, and how trains ran, apart for each value of this",
    value: "column",
    expected: "trainCategory, operator, station, departureDate or commuterLineID",
    schema: z.enum(["trainCategory", "operator", "station", "departureDate", "commuterLineID"]).optional(),
  },
} as const satisfies OptionTable;

function hours() {
  return z.string().regex(/^[0-9]{1,6}(?:\.[0-9]{1,4})?$/).transform(Number).pipe(z.number().max(100_000));
}
