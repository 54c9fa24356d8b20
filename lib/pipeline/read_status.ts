/** The pipeline that only looks: what waits in the broker, what the tables hold, what the last run found. */
import { getLogger } from "../packages/logtape.ts";
import type { Broker } from "../broker/broker.ts";
import type { Store, TableOptions } from "../delta/mod.ts";
import { readPublishState } from "../digitraffic/publish_state.ts";
import { BrokerError } from "../errors.ts";
import { evaluateRun } from "../quality/evaluate_run.ts";
import { newestMessageTime } from "../quality/newest_message.ts";
import type { Policy } from "../quality/policy.ts";
import { RUNS_BEFORE } from "../quality/results/past_runs.ts";
import { readRuns } from "../quality/results/run_history.ts";
import { tableFigures } from "../report/build_report.ts";
import type { RunStatus, Status } from "../report/status.ts";
import { checkTopic } from "./check_topic.ts";
import { partitionStatus } from "./partition_status.ts";
import { type PolicySource, readLimits } from "./report/read_limits.ts";
import { findAnalysisTables, findLakeTables, type LakeTables } from "../tables/lake_tables.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../tables/table_paths.ts";
import { TopicTable } from "../tables/topic_table.ts";

const log = getLogger(["ratalake", "status"]);

const PATHS: Readonly<Record<string, string>> = { ...TABLE_PATHS, ...ANALYSIS_PATHS };

/** Where to look. */
export interface StatusOptions extends TableOptions {
  readonly storeOf: (path: string) => Store;
  /** Opens the broker for reading alone. */
  readonly openBroker: () => Promise<Broker>;
  /** What the broker is called when it cannot be opened. */
  readonly brokerLabel: string;
  readonly topic: string;
  readonly statePath: string;
  /** The limits of the user; those of the rules where there is no file. */
  readonly policyFile?: PolicySource | undefined;
  /** Bytes of the embedded broker's file; null where there is none. */
  readonly brokerBytes: number | null;
}

/** What is where; a broker that does not answer, or is not the one of the tables, is part of it. */
export async function readStatus(options: StatusOptions): Promise<Status> {
  const { clock, topic, statePath, storeOf, brokerBytes } = options;
  const tables = await findLakeTables(storeOf, options);
  const log = await askBroker(options, tables);
  const figures = await Promise.all(
    Object.entries({ ...tables, ...await findAnalysisTables(storeOf, options) }).map(([name, table]) =>
      tableFigures(name, PATHS[name] ?? name, table)
    ),
  );
  const published = (await readPublishState(statePath)).find((each) =>
    each.broker === log.label && each.topic === topic
  );
  return {
    at: new Date(clock()),
    topic,
    broker: log.label,
    brokerFault: log.brokerFault,
    logFault: log.logFault,
    partitions: log.offsets.map((offsets) => partitionStatus(offsets, tables, topic)),
    lastFetch: published?.fetchedAt ?? null,
    lastRun: await readRun(tables, options.policyFile),
    newestMessage: tables.landing === undefined ? null : await newestMessageTime(tables.landing),
    tables: figures,
    brokerBytes,
  };
}

/** What the broker says of the topic, and whether `process` would take it. */
async function askBroker(options: StatusOptions, { landing }: Partial<LakeTables>) {
  const { openBroker, brokerLabel, topic } = options;
  try {
    await using broker = await openBroker();
    const offsets = await broker.topicOffsets(topic);
    const logFault = landing &&
      await faultOf(() => checkTopic(new TopicTable(landing, { name: "landing", topic }), broker));
    return { label: broker.label, offsets, brokerFault: null, logFault: logFault ?? null };
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    return { label: brokerLabel, offsets: [], brokerFault: error.message, logFault: null };
  }
}

/** The message of a `BrokerError`; null when there was none. */
async function faultOf(check: () => Promise<unknown>): Promise<string | null> {
  try {
    await check();
    return null;
  } catch (error) {
    if (error instanceof BrokerError) return error.message;
    throw error;
  }
}

/** The verdict is the one that the report comes to. */
async function readRun(
  { runs }: Partial<LakeTables>,
  policyFile: PolicySource | undefined,
): Promise<RunStatus | null> {
  const known = runs ? await readRuns(runs, 1 + RUNS_BEFORE) : [];
  const run = known.at(-1);
  if (run === undefined) return null;
  const policy = await limitsInUse(policyFile);
  return {
    generatedAt: run.generatedAt,
    passed: evaluateRun(run, { past: known.slice(0, -1), policy }).passed,
  };
}

/** A mistake in the file is for the report to refuse: all else can be shown. */
async function limitsInUse(policyFile: PolicySource | undefined): Promise<Policy> {
  try {
    return (await readLimits(policyFile))?.policy ?? new Map();
  } catch (error) {
    log.warn("Evaluated the last run by the limits of the rules alone: {error}", { error });
    return new Map();
  }
}
