/** The direction of imports, as one table: design section 2 in a form that a test can ask. */

/** What the code of a folder may import. */
interface Allowed {
  /** Folders whose code it may call, and whose types it may name. */
  readonly calls: readonly string[];
  /** Folders of which it may name types alone. */
  readonly types?: readonly string[];
}

/** Files that lie directly in lib/: words for everybody. */
const WORDS = "lib";

/**
 * Every folder with code, in the order of the way down. A folder may use its own files; what is not listed is
 * forbidden. Stages (digitraffic to report) never call each other: only pipelines do.
 */
export const ALLOWED_EDGES: Readonly<Record<string, Allowed>> = {
  scripts: {
    calls: [
      WORDS,
      "lib/cli",
      "lib/pipeline",
      "lib/report",
      "lib/inspect",
      "lib/quarantine",
      "lib/answers",
      "lib/charts",
      "lib/sql",
      "lib/export",
      "lib/simulator",
      "lib/live",
      "lib/follow",
      "lib/telemetry",
      "lib/tables",
      "lib/broker",
      "lib/delta",
    ],
  },
  "lib/cli": { calls: [WORDS, "lib/text"] },
  "lib/pipeline": {
    calls: [
      WORDS,
      "lib/digitraffic",
      "lib/metadata",
      "lib/validate",
      "lib/landing",
      "lib/standard",
      "lib/analysis",
      "lib/answers",
      "lib/charts",
      "lib/quality",
      "lib/report",
      "lib/follow",
      "lib/telemetry",
      "lib/tables",
      "lib/train",
      "lib/broker",
      "lib/delta",
    ],
    types: ["lib/cli", "lib/live", "lib/simulator"],
  },
  // The verbs are a part of the command line.
  "lib/inspect": { calls: [WORDS, "lib/text", "lib/cli", "lib/delta"] },
  // So are those of the quarantine, which show what a pipeline has found.
  "lib/quarantine": { calls: [WORDS, "lib/text", "lib/cli", "lib/pipeline"], types: ["lib/landing"] },
  "lib/answers": {
    calls: [WORDS, "lib/text", "lib/charts", "lib/tables", "lib/delta"],
  },
  "lib/report": {
    calls: [WORDS, "lib/text", "lib/charts", "lib/tables", "lib/delta"],
    types: ["lib/quality", "lib/follow"],
  },
  // A question and its answer are a part of the command line too, and printed as `table cat` prints rows.
  "lib/sql": { calls: [WORDS, "lib/text", "lib/cli", "lib/inspect", "lib/tables", "lib/delta"] },
  "lib/export": {
    calls: [WORDS, "lib/text", "lib/cli", "lib/inspect", "lib/sql", "lib/tables", "lib/delta"],
  },
  "lib/quality": {
    calls: [WORDS, "lib/tables", "lib/delta"],
    types: ["lib/validate", "lib/landing", "lib/standard"],
  },
  "lib/standard": {
    calls: [WORDS, "lib/tables", "lib/train", "lib/delta"],
    types: ["lib/validate"],
  },
  "lib/landing": {
    // Gives messages back with the header that fetch wrote.
    calls: [WORDS, "lib/tables", "lib/train", "lib/delta"],
    types: ["lib/validate", "lib/broker"],
  },
  "lib/validate": {
    calls: [WORDS, "lib/tables", "lib/train", "lib/delta"],
    types: ["lib/broker"],
  },
  // Rows to pictures, which the report, the commands and the notebook show.
  "lib/charts": { calls: [WORDS, "lib/text", "lib/tables"] },
  "lib/tables": { calls: [WORDS, "lib/telemetry", "lib/delta"], types: ["lib/broker"] },
  "lib/digitraffic": { calls: [WORDS, "lib/train"] },
  "lib/analysis": { calls: [WORDS, "lib/tables", "lib/train", "lib/delta"] },
  "lib/metadata": { calls: [WORDS, "lib/tables", "lib/delta"] },
  // The live page and its server: figures and pictures to HTML, events and metrics.
  "lib/live": {
    calls: [WORDS, "lib/text", "lib/charts", "lib/follow", "lib/tables"],
    types: ["lib/answers"],
  },
  "lib/simulator": { calls: [WORDS, "lib/train"] },
  // What followers have in common: who holds the folder, how they are.
  "lib/follow": { calls: [WORDS, "lib/telemetry"] },
  // As the log, for everybody who does something that takes its time.
  "lib/telemetry": { calls: [] },
  // How text is laid out and compared: of values of columns it knows the types alone.
  "lib/text": { calls: [WORDS, "lib/delta"] },
  "lib/train": { calls: [WORDS], types: ["lib/broker"] },
  "lib/broker": { calls: [WORDS] },
  // Knows nothing of this project, not even its errors.
  "lib/delta": { calls: [] },
  // Packages of others, which every folder may use.
  "lib/packages": { calls: [] },
  "lib/std/cli": { calls: [] },
  "lib/std/assert": { calls: [] },
  [WORDS]: { calls: [] },
};

/** The folders of lib/delta: each imports only from those before it, and from errors.ts. */
export const DELTA_ORDER: readonly string[] = [
  "store",
  "schema",
  "columns",
  "actions",
  "predicate",
  "parquet",
  "pages",
  "stats",
  "log",
  "read",
  "write",
  "table",
  "change",
  "maintain",
];

/** The files of a folder that others may import; folders that are not named here show all of their files. */
export const ENTRY_FILES: Readonly<Record<string, readonly string[]>> = {
  "lib/delta": ["lib/delta/mod.ts", "lib/delta/reading.ts"],
};
