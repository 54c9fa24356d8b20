/**
 * The run for catalogues and lineage graphs: two OpenLineage events, one per line. What the rules came to stands with
 * the tables that they look at; a report that failed is a run that failed.
 */
import type { StructType } from "../../delta/mod.ts";
import type { RuleResult } from "../../quality/evaluate_run.ts";
import { LICENCE_LINE } from "../../tables/licence.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import { TABLE_PATHS, type TableName } from "../../tables/table_paths.ts";
import type { Report } from "../build_report.ts";
import { jsonText } from "../json_text.ts";
import { assertionsFacet, errorFacet, type RuleColumns, testsFacet } from "./assertions.ts";
import { EVENT_SCHEMA, facet, type Facets, PRODUCER, schemaFacet } from "./facets.ts";
import { runUuid } from "./run_uuid.ts";

/** What a report does not know of where it comes from. */
export interface LineagePlaces {
  /** The broker or its file, as OpenLineage names the place of topics; a file's path stands before the topic. */
  readonly log: { readonly namespace: string; readonly path?: string };
  /** The folder of the tables; absolute, when other tools are to find the same name. */
  readonly folder: string;
  readonly schemas: Readonly<Partial<Record<TableName, StructType>>>;
  readonly columns: RuleColumns;
}

/** A table or topic. */
interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
  readonly inputFacets?: Facets;
  readonly outputFacets?: Facets;
}

const NAMESPACE = "ratalake";
/** What is read: the newest trains too, for a merge. */
const READ: readonly TableName[] = ["landing", "standard"];
const WRITTEN: readonly TableName[] = ["landing", "quarantine", "standard"];
/** Rules on these are about messages as they came. */
const GRAINS_OF_LANDING: readonly RuleResult["grain"][] = ["message", "field"];

/** START, and COMPLETE or FAIL. When the run began nobody has noted: both have the time when it measured. */
export async function renderOpenLineage(report: Report, places: LineagePlaces): Promise<string> {
  const { run, verdict } = report;
  const runId = await runUuid(run.runId);
  const head = { eventTime: run.generatedAt.toISOString(), producer: PRODUCER, schemaURL: EVENT_SCHEMA };
  const job = {
    namespace: NAMESPACE,
    name: `process.${run.topic}`,
    facets: facet("jobType", { processingType: "BATCH", integration: "RATALAKE", jobType: "JOB" }),
  };
  const topic = topicOf(run, places);
  const start = {
    eventType: "START",
    ...head,
    run: { runId },
    job,
    inputs: [topic, ...READ.map((table) => nameOf(table, places))],
    outputs: WRITTEN.map((table) => nameOf(table, places)),
  };
  const end = {
    eventType: verdict.passed ? "COMPLETE" : "FAIL",
    ...head,
    run: { runId, facets: { ...testsFacet(report), ...errorFacet(report) } },
    job,
    inputs: [topic, ...READ.map((table) => inputOf(table, report, places))],
    outputs: WRITTEN.map((table) => outputOf(table, report, places)),
  };
  return [start, end].map(jsonText).join("\n");
}

function topicOf({ topic }: RunRecord, { log: { namespace, path } }: LineagePlaces): Dataset {
  return { namespace, name: path === undefined ? topic : `${path}/${topic}` };
}

function nameOf(table: TableName, { folder }: LineagePlaces): Dataset {
  return { namespace: "file", name: `${folder}/${TABLE_PATHS[table]}` };
}

function inputOf(table: TableName, report: Report, places: LineagePlaces): Dataset {
  const { rules } = report.verdict;
  const mine = rules.filter(({ grain }) => (table === "landing") === GRAINS_OF_LANDING.includes(grain));
  return {
    ...nameOf(table, places),
    facets: tableFacets(table, report, places),
    inputFacets: { ...assertionsFacet(mine, places.columns), ...metricsFacet(table, report) },
  };
}

function outputOf(table: TableName, report: Report, places: LineagePlaces): Dataset {
  return {
    ...nameOf(table, places),
    facets: tableFacets(table, report, places),
    outputFacets: facet("outputStatistics", { rowCount: rowsWritten(table, report) }),
  };
}

function tableFacets(table: TableName, report: Report, { schemas }: LineagePlaces): Facets {
  const schema = schemas[table];
  const version = figuresOf(table, report)?.version;
  return {
    ...(schema === undefined ? {} : schemaFacet(schema)),
    ...(version === undefined ? {} : facet("version", { datasetVersion: String(version) })),
    ...facet("documentation", { description: LICENCE_LINE, contentType: "text/plain" }),
  };
}

function figuresOf(table: TableName, { tables }: Report): Report["tables"][number] | undefined {
  return tables.find(({ path }) => path === TABLE_PATHS[table]);
}

function metricsFacet(table: TableName, report: Report): Facets {
  const { account } = report.run;
  const figures = figuresOf(table, report);
  return facet("dataQualityMetrics", {
    rowCount: table === "landing" ? account.landingRows : account.standardRows,
    ...(figures === undefined ? {} : { bytes: figures.sizeBytes, fileCount: figures.files }),
    columnMetrics: table === "standard" ? nullCounts(report.run) : {},
  });
}

/** A run counts absent values of rejected messages with those of rows: with some in quarantine only 0 is known. */
function nullCounts({ missingValues, account }: RunRecord): Facets {
  const known = Object.entries(missingValues).filter(([name, count]) =>
    !name.endsWith("_empty") && (count === 0 || account.quarantineRows === 0)
  );
  return Object.fromEntries(known.map(([name, nullCount]) => [name, { nullCount }]));
}

/** The counts of a run are sums over all runs: its own part is what the run before did not have yet. */
function rowsWritten(table: TableName, { run, history }: Report): number {
  const total = ({ account }: RunRecord) =>
    table === "standard" ? account.rowsAdded : table === "landing" ? account.landed : account.quarantineRows;
  const before = history.at(-1)?.run;
  return Math.max(0, total(run) - (before === undefined ? 0 : total(before)));
}
