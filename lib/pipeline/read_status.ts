/** The pipeline that only looks: what waits in the broker, what the tables hold, what the last run found. */
import { getLogger } from "../packages/logtape.ts";
import type { Broker } from "../broker/broker.ts";
import type { DeltaTable, Store, TableOptions } from "../delta/mod.ts";
import { readPublishState } from "../digitraffic/publish_state.ts";
import { type Heartbeat, livenessOf } from "../follow/heartbeat.ts";
import { BrokerError } from "../errors.ts";
import { printable } from "../printable.ts";
import { evaluateRun } from "../quality/evaluate_run.ts";
import { newestMessageTime } from "../quality/newest_message.ts";
import type { Policy } from "../quality/policy.ts";
import { RUNS_BEFORE } from "../quality/results/past_runs.ts";
import { readRuns } from "../quality/results/run_history.ts";
import { tableFigures } from "../report/build_report.ts";
import { type FollowerStatus, hasUnknownOffsets, type RunStatus, type Status } from "../report/status.ts";
import { checkTopic } from "./check_topic.ts";
import { partitionStatus } from "./partition_status.ts";
import { type PolicySource, readLimits } from "./report/read_limits.ts";
import { findLakeTables } from "../tables/lake_tables.ts";
import { PROCESS_PATHS, type ProcessTable } from "../tables/table_paths.ts";
import { TopicTable } from "../tables/topic_table.ts";

const log = getLogger(["ratalake", "status"]);
/** A way out stands at the end of a message, but a message may quote what has no end. */
const MOST_OF_REASON = 2000;
const TABLE_NAMES = Object.keys(PROCESS_PATHS) as ProcessTable[];

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
  /** What followers of the folder last said of themselves. */
  readonly heartbeats: readonly Heartbeat[];
}

/** What is where; a broker that does not answer, or is not the one of the tables, and a broken table are part of it. */
export async function readStatus(options: StatusOptions): Promise<Status> {
  const { clock, topic, statePath, storeOf, brokerBytes } = options;
  const { tables, ...found } = await findLakeTables(storeOf, options);
  const faults = new Map(found.faults);
  const figures = await Promise.all(
    TABLE_NAMES.map((name) =>
      tryTable(tables[name], (table) => tableFigures(name, PROCESS_PATHS[name], table), noteIn(faults, name))
    ),
  );
  const newestMessage = await tryTable(tables.landing, newestMessageTime, noteIn(faults, "landing"));
  const lastRun = await tryTable(
    tables.runs,
    (runs) => readRun(runs, options.policyFile),
    noteIn(faults, "runs"),
  );
  const log = await askBroker(options, tables.landing, noteIn(faults, "landing"));
  const tableFaults = TABLE_NAMES.filter((name) => faults.has(name)).map((name) => (
    { name, path: PROCESS_PATHS[name], fault: reasonOf(faults.get(name)) }
  ));
  const published = (await readPublishState(statePath)).find((each) =>
    each.broker === log.label && each.topic === topic
  );
  return {
    at: new Date(clock()),
    topic,
    broker: log.label,
    brokerFault: log.brokerFault,
    logFault: log.logFault,
    partitions: hasUnknownOffsets({ tableFaults })
      ? []
      : log.offsets.map((offsets) => partitionStatus(offsets, tables, topic)),
    lastFetch: published?.fetchedAt ?? null,
    lastRun,
    newestMessage,
    tables: figures.filter((each) => each !== null),
    tableFaults,
    brokerBytes,
    followers: options.heartbeats.map((heartbeat) => followerStatus(heartbeat, clock())),
  };
}

function followerStatus(heartbeat: Heartbeat, nowMs: number): FollowerStatus {
  const { role, topic, doing, pid, host, startedAt, at, counts, gauges, errors } = heartbeat;
  return {
    ...{ role, state: livenessOf(heartbeat, nowMs), topic, doing, pid, host, counts, gauges },
    ...{ startedAt: new Date(startedAt), saidAt: new Date(at) },
    errors: errors.map(({ at: errorMs, message }) => ({ at: new Date(errorMs), message })),
  };
}

/** Notes what was thrown for a table, the first alone. */
type Note = (error: unknown) => void;

function noteIn(faults: Map<ProcessTable, unknown>, name: ProcessTable): Note {
  return (error) => void (faults.has(name) || faults.set(name, error));
}

/** What is read from a table; null when it is not there, or what is in it cannot be read. */
async function tryTable<Found>(
  table: DeltaTable | undefined,
  read: (table: DeltaTable) => Promise<Found>,
  note: Note,
): Promise<Found | null> {
  try {
    return table === undefined ? null : await read(table);
  } catch (error) {
    note(error);
    return null;
  }
}

/** With its cause, as far as that says more. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const [text, more] = [error, cause].map((each) =>
    each instanceof Error ? each.message : String(each ?? "")
  );
  const isMore = more !== undefined && more !== "" && !text?.includes(more);
  return printable(`${text}${isMore ? `; because ${more}` : ""}`.slice(0, MOST_OF_REASON));
}

/** What the broker says of the topic, and whether `process` would take it. */
async function askBroker(options: StatusOptions, landing: DeltaTable | undefined, note: Note) {
  const { openBroker, brokerLabel, topic } = options;
  try {
    await using broker = await openBroker();
    const offsets = await broker.topicOffsets(topic);
    const logFault = await tryTable(
      landing,
      (table) => faultOf(() => checkTopic(new TopicTable(table, { name: "landing", topic }), broker)),
      note,
    );
    return { label: broker.label, offsets, brokerFault: null, logFault };
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
async function readRun(runs: DeltaTable, policyFile: PolicySource | undefined): Promise<RunStatus | null> {
  const known = await readRuns(runs, 1 + RUNS_BEFORE);
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
