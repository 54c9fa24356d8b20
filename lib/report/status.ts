/** Where everything stands: what `deno task status` shows, whatever the form, and what to do next. Pure. */
import type { Heartbeat } from "../follow/heartbeat.ts";
import { counted, printable } from "../printable.ts";
import type { ProcessTable } from "../tables/table_paths.ts";
import type { TableFigures } from "./build_report.ts";

/** One partition of the topic, as the broker and the tables have it. */
export interface PartitionStatus {
  readonly partition: number;
  /** Offsets that can be read and are not landed. */
  readonly waiting: number;
  readonly landed: number;
  /** Offsets that retention deleted before they were landed, those included that no run has found yet. */
  readonly expired: number;
  /** Those of the expired ones that no run has found yet. */
  readonly newlyExpired: number;
  readonly gaps: number;
  /** Landed offsets that standard does not have yet. */
  readonly unmerged: number;
}

/** What the newest run found. */
export interface RunStatus {
  readonly generatedAt: Date;
  readonly passed: boolean;
}

/** A table that cannot be read. */
export interface TableFault {
  readonly name: ProcessTable;
  readonly path: string;
  readonly fault: string;
}

/** A follower of this data folder that runs, or has run last. */
export interface FollowerStatus
  extends Pick<Heartbeat, "role" | "topic" | "doing" | "pid" | "host" | "counts" | "gauges"> {
  /** "silent" is one that hangs or was killed. */
  readonly state: "running" | "ended" | "silent";
  readonly startedAt: Date;
  /** When it said so. */
  readonly saidAt: Date;
  /** The newest last. */
  readonly errors: readonly { readonly at: Date; readonly message: string }[];
}

/** Everything at one moment. */
export interface Status {
  readonly at: Date;
  readonly topic: string;
  readonly broker: string;
  /** Why the broker could not be asked; null when it could. */
  readonly brokerFault: string | null;
  /** Why `process` would refuse the topic; null when it would not. */
  readonly logFault: string | null;
  /** In partition order; empty when there is no such topic, the broker could not be asked, or a table not be read. */
  readonly partitions: readonly PartitionStatus[];
  /** Null when none is noted. */
  readonly lastFetch: Date | null;
  readonly lastRun: RunStatus | null;
  /** Creation time of the newest landed message. */
  readonly newestMessage: Date | null;
  /** The tables that are there. */
  readonly tables: readonly TableFigures[];
  /** Those that are there and cannot be read: what depends on them is not known. */
  readonly tableFaults: readonly TableFault[];
  /** Bytes of the embedded broker's file; null where there is none. */
  readonly brokerBytes: number | null;
  /** None when nobody has followed here. */
  readonly followers: readonly FollowerStatus[];
}

/** The sums over all partitions. */
export function sumPartitions(
  { partitions }: Pick<Status, "partitions">,
): Omit<PartitionStatus, "partition"> {
  const sum = (name: keyof PartitionStatus) => partitions.reduce((total, each) => total + each[name], 0);
  return {
    waiting: sum("waiting"),
    landed: sum("landed"),
    expired: sum("expired"),
    newlyExpired: sum("newlyExpired"),
    gaps: sum("gaps"),
    unmerged: sum("unmerged"),
  };
}

/** What a person would do now, the most urgent first; at least one line. */
export function nextSteps(status: Status): readonly string[] {
  const { brokerFault, logFault, partitions, lastRun } = status;
  const { waiting, newlyExpired, unmerged } = sumPartitions(status);
  const steps = status.tableFaults.map(tableStep);
  for (const follower of status.followers) if (follower.state === "silent") steps.push(wakeStep(follower));
  if (brokerFault !== null) steps.push(brokerStep(status));
  else if (logFault !== null) return [...steps, "see above: `process` refuses this log"];
  else if (partitions.length === 0 && !hasUnknownOffsets(status)) {
    steps.push("`deno task fetch` creates the topic and publishes the live trains");
  }
  if (newlyExpired > 0) {
    steps.push(
      `\`deno task process\` records that ${
        counted(newlyExpired, "offset")
      } expired before they were landed, and ends with 1`,
      "`deno task fetch --full` publishes the live trains again",
    );
  }
  if (unmerged > 0) {
    steps.push(`\`deno task process\` merges ${counted(unmerged, "offset")} that a run left between`);
  }
  // What waits is on its way when somebody follows.
  const follows = (role: FollowerStatus["role"]) =>
    status.followers.some(({ role: its, state, topic }) =>
      its === role && state === "running" && topic === status.topic
    );
  if (waiting > 0 && !follows("process")) {
    steps.push(`\`deno task process\` ingests ${counted(waiting, "waiting offset")}`);
  }
  if (lastRun !== null && !lastRun.passed) steps.push("`deno task report` says why the last run failed");
  if (steps.length > 0) return steps;
  return [follows("fetch") ? "nothing; fetch follows the feed" : "nothing; `deno task fetch` looks for news"];
}

/** Starting it again loses nothing: what it had not finished is where it was. */
function wakeStep({ role, pid, host }: FollowerStatus): string {
  const again = role === "backfill"
    ? "`deno task backfill` with its dates"
    : `\`deno task ${role} --follow\``;
  return `see whether process ${pid} on ${
    printable(host)
  } still runs: it hangs or was killed; ${again} goes on from there`;
}

/** Whether a table cannot be read from which follows what is landed, merged and waits. */
export function hasUnknownOffsets({ tableFaults }: Pick<Status, "tableFaults">): boolean {
  return tableFaults.some(({ name }) => name === "landing" || name === "standard");
}

/** A way out that loses nothing first; only what can be made again may be removed. */
function tableStep({ name, path }: TableFault): string {
  return `mend ${printable(path)}, or put it back from a copy; without one, ${LAST_RESORTS[name]}`;
}

const ANEW = "`deno task reset` begins anew";
const AGAIN = "remove its folder: `deno task analyse` makes it again";
const LAST_RESORTS: Readonly<Record<TableFault["name"], string>> = {
  landing: ANEW,
  quarantine: ANEW,
  batches: ANEW,
  standard: "remove its folder: `deno task process` rebuilds it from landing",
  runs: "remove its folder: the history of the reports begins anew",
  results: "remove its folder: `deno task process` writes the results of the newest runs again",
  train_runs: AGAIN,
  leg_delays: AGAIN,
  station_days: AGAIN,
};

/** The embedded broker is a file: nobody can start it, and what to do depends on what is wrong with it. */
function brokerStep({ broker }: Status): string {
  const isFile = broker.startsWith("embedded ");
  return isFile ? "see above: the broker's file cannot be read" : "start the broker, or mend KAFKA_BROKER";
}
