/** The pipeline from the tables to the reader: open, read the newest run, evaluate it, render it. Writes nothing. */
import { getLogger } from "../packages/logtape.ts";
import type { Broker, PartitionOffsets } from "../broker/broker.ts";
import { type DeltaTable, type Store, TableNotFoundError, type TableOptions } from "../delta/mod.ts";
import { measureSince } from "./measure_since.ts";
import { type LakeTables, openLakeTables } from "../tables/lake_tables.ts";
import { TABLE_PATHS, type TableName } from "../tables/table_paths.ts";
import { evaluateRun, type Verdict } from "../quality/evaluate_run.ts";
import { type FailingRow, findFailures } from "../quality/find_failures.ts";
import type { CounterSource } from "../quality/standard_counter.ts";
import { RULES } from "../quality/rules.ts";
import type { RowsCount } from "../quality/rules/rule.ts";
import type { PolicyFile } from "../quality/read_policy.ts";
import { readRuns } from "../quality/run_history.ts";
import { buildReport, type Report, type Samples, tableFigures } from "../report/build_report.ts";
import type { LineagePlaces } from "../report/openlineage/render_openlineage.ts";
import { renderText } from "../report/render_text.ts";
import type { TextOptions } from "../report/text_page.ts";

const log = getLogger(["ratalake", "report"]);
/** So many runs make a trend. */
const RUNS_SHOWN = 20;
const SAMPLED_RULES = 5;
const SAMPLE_ROWS = 3;
const ELSEWHERE = "or set DATA_DIR to where the tables are";

const PLAIN: TextOptions = { colour: false };
const NOWHERE: Omit<Origin, "schemas"> = { log: { namespace: "ratalake" }, folder: "." };

/**
 * One renderer per format, loaded when it is asked for. To add a format, add a file in lib/report, an entry here and its
 * name in cli/script_options.ts.
 */
const RENDERERS = {
  /** A page for people, plain unless the looks say otherwise. */
  text: (report: Report, looks: TextOptions = PLAIN) => renderText(report, looks),
  /** One object. */
  json: async (report: Report) => (await import("../report/render_json.ts")).renderJson(report),
  /** One object per rule and equation. */
  ndjson: async (report: Report) => (await import("../report/render_ndjson.ts")).renderNdjson(report),
  /** XML for CI systems. */
  junit: async (report: Report) => (await import("../report/render_junit.ts")).renderJunit(report),
  /** Annotations of GitHub Actions. */
  github: async (report: Report) => (await import("../report/render_github.ts")).renderGithub(report),
  /** A page for a step summary. */
  markdown: async (report: Report) => (await import("../report/render_markdown.ts")).renderMarkdown(report),
  /** One page for a browser, without anything beside it. */
  html: async (report: Report) =>
    (await import("../report/render_html.ts")).renderHtml(report, { rules: RULES }),
  /** Two events for catalogues and lineage graphs. */
  openlineage: async (report: Report, _looks: TextOptions | undefined, origin: Origin) => {
    const { columnsOfRules } = await import("../quality/rule_columns.ts");
    const { renderOpenLineage } = await import("../report/openlineage/render_openlineage.ts");
    return await renderOpenLineage(report, { ...origin, columns: columnsOfRules(RULES) });
  },
} as const;

/** From where the report comes, for formats that tell it. */
type Origin = Omit<LineagePlaces, "columns">;

/** A file for limits, and others beside it. */
interface LimitsFile {
  readonly path: string;
  /** Null where it is not. */
  readonly read: (path: string) => Promise<string | null>;
}

/** What a report is given. */
export interface ReportOptions extends TableOptions {
  readonly storeOf: (path: string) => Store;
  readonly format: keyof typeof RENDERERS;
  /** How pages for people look; plain by default. */
  readonly looks?: TextOptions | undefined;
  /** The file with limits that differ from those of the rules, and its text; null where there is none. */
  readonly policyFile?: LimitsFile | undefined;
  /** The topic whose messages may wait before there is a run. */
  readonly topic?: string | undefined;
  /** Opens the log for reading alone, to say what waits now; absent where it must not be asked. */
  readonly openBroker?: (() => Promise<Broker>) | undefined;
  /** Where the topic and the tables are, by names that other programs know. */
  readonly places?: Omit<Origin, "schemas"> | undefined;
}

/** A report, ready to print. */
export interface RenderedReport {
  /** The accounting adds up and no error-level rule is broken. */
  readonly passed: boolean;
  /** A warning-level rule is broken, or threw. */
  readonly warned: boolean;
  readonly text: string;
}

/**
 * Reports on the newest run.
 *
 * @throws {TableNotFoundError} when `process` has not made the tables yet
 */
export async function reportQuality(options: ReportOptions): Promise<RenderedReport> {
  const { clock, format } = options;
  const tables = await openReportTables(options);
  const runs = await readRuns(tables.runs, RUNS_SHOWN);
  const run = runs.at(-1);
  if (run === undefined) {
    throw new Error(`Cannot report: found no finished run, expected one; ${await firstSteps(options)}`);
  }
  const limits = await readLimits(options);
  const policy = limits?.policy ?? new Map();
  const verdict = evaluateRun(run, { past: runs.slice(0, -1), policy });
  const figures = await Promise.all(
    Object.entries(tables).map(([name, table]) => tableFigures(name, TABLE_PATHS[name as TableName], table)),
  );
  const since = await measureSince(tables, run, await askOffsets(options, run.topic));
  const history = runs.slice(0, -1).map((past, i) => ({
    run: past,
    verdict: evaluateRun(past, { past: runs.slice(0, i), policy }),
  }));
  const report = buildReport(run, {
    ...{ verdict, tables: figures, since, history, madeAt: new Date(clock()) },
    samples: await samplesOf(verdict, tables.standard, () => currentCounter(options)),
    policy: limits && { rules: [...limits.policy.keys()], notes: limits.notes },
  });
  const warned = verdict.rules.some(({ outcome, severity }) =>
    outcome === "look" || (outcome === "error" && severity === "W")
  );
  const origin = { ...(options.places ?? NOWHERE), schemas: schemasOf(tables) };
  return { passed: verdict.passed, warned, text: await RENDERERS[format](report, options.looks, origin) };
}

function schemasOf(tables: LakeTables): Origin["schemas"] {
  return Object.fromEntries(Object.entries(tables).map(([name, { snapshot }]) => [name, snapshot.schema]));
}

/** Only of what fails the report: finding rows means opening files. */
async function samplesOf(
  { rules }: Verdict,
  standard: DeltaTable,
  counter: CounterSource,
): Promise<readonly Samples[]> {
  const samples: Samples[] = [];
  for (const { id, outcome } of rules) {
    const rule = RULES.find((candidate) => candidate.id === id);
    if (outcome !== "failed" || rule?.count.from !== "rows") continue;
    if (samples.length === SAMPLED_RULES) break;
    samples.push({ ruleId: id, rows: await tryToFind(standard, rule.count, counter) });
  }
  return samples.filter(({ rows }) => rows.length > 0);
}

/** A file that cannot be read is no reason to keep the verdict from anybody. */
async function tryToFind(
  standard: DeltaTable,
  count: RowsCount,
  counter: CounterSource,
): Promise<readonly FailingRow[]> {
  try {
    return await findFailures(standard, count, { counter: await counter(), limit: SAMPLE_ROWS });
  } catch (error) {
    log.warn("Cannot show rows that fail the report: {error}", { error });
    return [];
  }
}

/** The counter with the lists of now; what reads them is loaded only by who looks at rows. */
export async function currentCounter({ storeOf, ...options }: ReportOptions): ReturnType<CounterSource> {
  const { counterSource } = await import("../quality/standard_counter.ts");
  return await counterSource(storeOf, options)();
}

/** The limits that the user has set; null without a file. What reads it is loaded only when there is one. */
export async function readLimits({ policyFile }: ReportOptions): Promise<PolicyFile | null> {
  const text = await policyFile?.read(policyFile.path) ?? null;
  if (policyFile === undefined || text === null) return null;
  const { readPolicy, withContract } = await import("../quality/read_policy.ts");
  const file = readPolicy(text, policyFile.path);
  if (file.contract === null) return file;
  const path = policyFile.path.replace(/[^/]*$/, file.contract);
  const contract = await policyFile.read(path);
  if (contract === null) {
    throw new TypeError(
      `Cannot use "${policyFile.path}": found no "${path}", expected the contract that it names`,
    );
  }
  return withContract(file, contract, path);
}

/**
 * Opens the tables for reading alone.
 *
 * @throws {Error} with what to do first, when they are not there
 */
export async function openReportTables(options: ReportOptions): Promise<LakeTables> {
  try {
    return await openLakeTables(options.storeOf, options);
  } catch (cause) {
    if (!(cause instanceof TableNotFoundError)) throw cause;
    throw new Error(`Cannot report yet: ${await firstSteps(options)}`, { cause });
  }
}

async function firstSteps(options: ReportOptions): Promise<string> {
  const offsets = options.topic === undefined ? null : await askOffsets(options, options.topic);
  const areWaiting = offsets?.some(({ earliest, end }) => earliest < end) ?? false;
  return areWaiting
    ? `messages wait: run \`deno task process\`, ${ELSEWHERE}`
    : `run \`deno task fetch\`, then \`deno task process\`, ${ELSEWHERE}`;
}

/** Null when the log is not to be asked, or does not answer: the report is about the tables. */
async function askOffsets(
  { openBroker }: ReportOptions,
  topic: string,
): Promise<readonly PartitionOffsets[] | null> {
  if (openBroker === undefined) return null;
  try {
    await using broker = await openBroker();
    return await broker.topicOffsets(topic);
  } catch (error) {
    log.debug("Cannot ask the broker what waits: {error}", { error });
    return null;
  }
}
