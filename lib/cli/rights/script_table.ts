/** What must be known of a script before it starts: from this its rights follow. One entry per script that has a task. */

/** Which settings, flags and files a script takes. */
export interface ScriptEntry {
  /** The groups of `settings.ts` that it takes; each brings its files and hosts. */
  readonly settings: readonly ("broker" | "tables" | "digitraffic" | "state")[];
  /** True when it writes what its settings name; else it may only read that. */
  readonly writes?: true;
  /** True when it may only read the publish state, whatever it writes. */
  readonly readsState?: true;
  /** True when it reaches no host, whatever its settings name. */
  readonly isOffline?: true;
  /** Its own flags without a value. */
  readonly switches?: readonly string[];
  /** Its own flags with a value. */
  readonly valued?: readonly string[];
  /** Variables of flags of its own, by the flag. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What its positional arguments, or its flags `--port`, `--host`, `--out`, `--file` and `--metadata`, give it the right to. */
  readonly uses?:
    | "recordings"
    | "table"
    | "port"
    | "site"
    | "output"
    | "metadata"
    | "replay"
    | "question"
    | "export";
}

/**
 * `--v8-flags` of every script. Only `process` needs them, for its memory; but V8 keeps compiled code for one set of
 * flags alone, and scripts share most of their modules: with others for each, every start compiled them anew, 100 ms.
 */
export const ENGINE_FLAGS = "--expose-gc,--max-semi-space-size=4";

/**
 * A module that a script imports only when it needs it is then loaded only: else Deno reads all of them before it begins,
 * 5 to 15 ms of each start and a third of that of `--help`. To load one later takes the right to read `lib` and `scripts`.
 */
export const LAZY_IMPORTS = "--unstable-lazy-dynamic-imports";

/**
 * What a script finds in its environment unless it is set there. glibc keeps the memory that is free for each thread
 * apart, up to eight places a core: with two in all a run peaks a tenth lower, and a follower stays that much smaller.
 */
export const MEMORY_VARIABLE = { name: "MALLOC_ARENA_MAX", value: "2" } as const;

/** Every script that the launcher can start. */
export const SCRIPTS: Readonly<Record<string, ScriptEntry>> = {
  analyse: { settings: ["tables"], writes: true, switches: ["json", "rebuild"] },
  backfill: {
    settings: ["digitraffic", "broker", "tables", "state"],
    writes: true,
    readsState: true,
    switches: ["archives", "again", "dry-run", "json"],
    valued: ["from", "to", "jobs", "requests-per-minute"],
  },
  charts: {
    settings: ["tables"],
    isOffline: true,
    valued: ["date", "line", "hours", "train", "out"],
    uses: "output",
  },
  demo: { settings: [] },
  export: {
    settings: ["tables"],
    switches: ["force"],
    valued: ["format", "version", "out"],
    uses: "export",
  },
  fetch: {
    settings: ["digitraffic", "broker", "tables", "state"],
    writes: true,
    switches: ["anew", "follow", "full", "json", "metadata", "mqtt", "transactional"],
    valued: ["every", "full-every", "mqtt-url"],
    variables: { "mqtt-url": "MQTT_URL" },
    uses: "metadata",
  },
  process: {
    settings: ["broker", "tables"],
    writes: true,
    switches: ["json", "follow"],
    valued: ["max-batch-mb", "keep-files-hours", "keep-messages-hours", "max-age", "measure-every"],
    variables: { "keep-files-hours": "KEEP_FILES_HOURS", "keep-messages-hours": "KEEP_MESSAGES_HOURS" },
  },
  punctuality: {
    settings: ["tables"],
    isOffline: true,
    valued: ["by", "from", "to", "category", "type", "limit", "format", "out"],
    uses: "output",
  },
  quarantine: {
    settings: ["tables"],
    switches: ["dry-run", "json", "raw", "yes"],
    valued: ["limit", "reason", "since"],
    uses: "replay",
  },
  replay: {
    settings: ["broker", "tables"],
    writes: true,
    switches: ["json"],
    valued: ["fetched-at"],
    uses: "recordings",
  },
  report: {
    settings: ["broker", "tables"],
    isOffline: true,
    switches: ["json", "ascii", "init", "diff", "runs", "contract"],
    valued: ["format", "out", "fail-on", "explain", "by", "since", "run", "baseline"],
    uses: "output",
  },
  reset: { settings: ["broker", "tables", "state"], writes: true, isOffline: true, switches: ["yes"] },
  serve: { settings: ["tables"], isOffline: true, valued: ["port", "host"], uses: "site" },
  simulate: {
    settings: [],
    switches: ["world"],
    valued: ["port", "mqtt-port", "trains", "seed", "weather", "speed", "at"],
    uses: "port",
  },
  station: {
    settings: ["tables"],
    isOffline: true,
    valued: ["date", "after", "limit", "format", "out"],
    uses: "output",
  },
  sql: {
    settings: ["tables"],
    switches: ["tables"],
    valued: ["format", "out", "file", "limit", "as-of"],
    uses: "question",
  },
  status: { settings: ["broker", "tables", "state"], switches: ["json"] },
  table: {
    settings: [],
    switches: ["dry-run", "force", "json"],
    valued: [
      "columns",
      "where",
      "version",
      "timestamp",
      "limit",
      "format",
      "out",
      "partitions",
      "sort-by",
      "target-mb",
      "retention-hours",
      "to",
      "marks",
    ],
    uses: "table",
  },
  train: { settings: ["tables"], isOffline: true, valued: ["last", "date", "format", "out"], uses: "output" },
};
