/** The pipeline from the tables to the reader: open, read the newest run, evaluate it, render it. Writes nothing. */
import { getLogger } from "../packages/logtape.ts";
import type { Broker } from "../broker/broker.ts";
import type { Store, TableOptions } from "../delta/mod.ts";
import { TableNotFoundError } from "../delta/reading.ts";
import type { PictureSource } from "./report/read_pictures.ts";
import { type LakeTables, openLakeTables } from "../tables/lake_tables.ts";
import { TopicTable } from "../tables/topic_table.ts";
import { evaluateRuns, RUNS_BEFORE } from "../quality/results/past_runs.ts";
import { RULES } from "../quality/rules.ts";
import { trafficFigures } from "../quality/traffic/traffic_figures.ts";
import { buildReport, type Report } from "../report/build_report.ts";
import type { LineagePlaces } from "../report/openlineage/render_openlineage.ts";
import { renderText } from "../report/render_text.ts";
import type { PageCommands } from "../report/render_html.ts";
import type { TextOptions } from "../report/text_page.ts";
import { chooseRun } from "./report/choose_run.ts";
import { currentCounter } from "./report/current_counter.ts";
import { askLog } from "./report/measure_since.ts";
import { limitsOfRun, type PolicySource } from "./report/read_limits.ts";
import { openTablesThen, partsOfNow, partsOfRun } from "./report/report_parts.ts";

const log = getLogger(["ratalake", "report"]);
/** So many runs make a trend for a terminal; a page has room for more. */
const RUNS_SHOWN = 20;
const RUNS_OF_A_PAGE = 1000;
const ELSEWHERE = "or set DATA_DIR to where the tables are";

const PLAIN: TextOptions = { colour: false };
const NOWHERE: Omit<Origin, "schemas"> = { log: { namespace: "ratalake" }, folder: "." };

/**
 * One renderer per format, loaded when it is asked for. To add a format, add a file in lib/report, an entry here and its
 * name in cli/flags/script_options.ts.
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
  html: async (report: Report, _looks: TextOptions | undefined, source: RenderSource) => {
    const { readPictures } = await import("./report/read_pictures.ts");
    const { renderHtml } = await import("../report/render_html.ts");
    const pictures = await readPictures(report, source);
    return renderHtml(report, { rules: RULES, pictures, commands: source.commands });
  },
  /** Two events for catalogues and lineage graphs. */
  openlineage: async (report: Report, _looks: TextOptions | undefined, { origin }: RenderSource) => {
    const { columnsOfRules } = await import("../quality/rule_columns.ts");
    const { renderOpenLineage } = await import("../report/openlineage/render_openlineage.ts");
    return await renderOpenLineage(report, { ...origin, columns: columnsOfRules(RULES) });
  },
} as const;

/** From where the report comes, for formats that tell it. */
type Origin = Omit<LineagePlaces, "columns">;

/** What formats take from elsewhere than the report. */
interface RenderSource extends PictureSource {
  readonly origin: Origin;
  readonly commands?: PageCommands | undefined;
}

/** What a report is given. */
export interface ReportOptions extends TableOptions {
  readonly storeOf: (path: string) => Store;
  readonly format: keyof typeof RENDERERS;
  /** How pages for people look; plain by default. */
  readonly looks?: TextOptions | undefined;
  readonly policyFile?: PolicySource | undefined;
  /** An earlier run as things were then: "latest", "previous", an ID or the beginning of one. */
  readonly run?: string | undefined;
  /** The topic whose messages may wait before there is a run. */
  readonly topic?: string | undefined;
  /** Opens the log for reading alone, to say what waits now; absent where it must not be asked. */
  readonly openBroker?: (() => Promise<Broker>) | undefined;
  /** Where the topic and the tables are, by names that other programs know. */
  readonly places?: Omit<Origin, "schemas"> | undefined;
  /** How commands on a page for browsers lead to these tables. */
  readonly commands?: PageCommands | undefined;
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
 * Reports on the newest run as things are now, or on any run as things were then.
 *
 * @throws {TableNotFoundError} when `process` has not made the tables yet
 * @throws {UsageError} when there is no such run
 */
export async function reportQuality(options: ReportOptions): Promise<RenderedReport> {
  const { clock, format } = options;
  const tables = await openReportTables(options);
  const shown = format === "html" ? RUNS_OF_A_PAGE : RUNS_SHOWN;
  const runs = await chooseRun(tables.runs, {
    wanted: options.run ?? "latest",
    before: shown - 1 + RUNS_BEFORE,
  });
  if (runs.length === 0) {
    throw new Error(`Cannot report: found no finished run, expected one; ${await firstSteps(options)}`);
  }
  const { policy, shownPolicy } = await limitsOfRun(options, runs.at(-1));
  const evaluated = evaluateRuns(runs, { shown, policy });
  const newest = evaluated.at(-1);
  if (newest === undefined) throw new Error("no run");
  const { run, verdict } = newest;
  const landing = new TopicTable(tables.landing, { name: "landing", topic: run.topic });
  const now = {
    at: new Date(clock()),
    askLog: () => askBroker(options, (broker) => askLog(broker, landing)),
  };
  const then = options.run === undefined ? null : await openTablesThen(tables, run);
  const counter = () => currentCounter(options, then === null ? null : run);
  const parts = then === null
    ? await partsOfNow(tables, newest, { ...now, counter })
    : await partsOfRun(then, newest, counter);
  const report = buildReport(run, {
    ...parts,
    ...{ verdict, policy: shownPolicy, history: evaluated.slice(0, -1) },
    traffic: run.traffic && trafficFigures(run.traffic),
  });
  const warned = verdict.rules.some(({ outcome, severity }) =>
    outcome === "look" || (outcome === "error" && severity === "W")
  );
  const versions = then === null ? undefined : run.tableVersions ?? undefined;
  const judged = then?.there ?? tables;
  const origin = { ...(options.places ?? NOWHERE), schemas: schemasOf(judged) };
  const source = { ...options, tables: judged, versions, counter, origin };
  return { passed: verdict.passed, warned, text: await RENDERERS[format](report, options.looks, source) };
}

function schemasOf(tables: Partial<LakeTables>): Origin["schemas"] {
  return Object.fromEntries(Object.entries(tables).map(([name, { snapshot }]) => [name, snapshot.schema]));
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
  const { topic } = options;
  const offsets = topic === undefined
    ? null
    : await askBroker(options, (broker) => broker.topicOffsets(topic));
  const areWaiting = offsets?.some(({ earliest, end }) => earliest < end) ?? false;
  return areWaiting
    ? `messages wait: run \`deno task process\`, ${ELSEWHERE}`
    : `run \`deno task fetch\`, then \`deno task process\`, ${ELSEWHERE}`;
}

/** Null when the log is not to be asked, or does not answer: the report is about the tables. */
async function askBroker<T>(
  { openBroker }: ReportOptions,
  ask: (broker: Broker) => Promise<T>,
): Promise<T | null> {
  if (openBroker === undefined) return null;
  try {
    await using broker = await openBroker();
    return await ask(broker);
  } catch (error) {
    log.debug("Cannot ask the broker what waits: {error}", { error });
    return null;
  }
}
