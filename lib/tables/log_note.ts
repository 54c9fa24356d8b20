/**
 * What the landing table notes of a log before it takes anything from it: its name, and where each partition began.
 * From there on every offset is landed, expired or a gap, and a log that was made anew is known for what it is.
 */
import type { SetTransaction, Snapshot } from "../delta/mod.ts";
import { markAction } from "./log_marks.ts";
import type { TopicTable } from "./topic_table.ts";

/** What is to be noted. */
export interface LogNote {
  /** The broker's name for this log; null when it has none. */
  readonly logId: string | null;
  /** The first offset of partitions that the table has not seen before. */
  readonly starts: ReadonlyMap<number, bigint>;
}

/** The names of the logs that filled the table: one, or none from a broker without such names. */
export function notedLogIds(
  landing: TopicTable,
  snapshot: Snapshot = landing.delta.snapshot,
): readonly string[] {
  const prefix = logPrefix(landing);
  return [...snapshot.txns.keys()].filter((appId) => appId.startsWith(prefix))
    .map((appId) => appId.slice(prefix.length));
}

/** What the table does not have yet of the note, as actions of one commit. */
export function noteActions(
  landing: TopicTable,
  { logId, starts }: LogNote,
  snapshot: Snapshot,
): readonly SetTransaction[] {
  const next = landing.nextOffsets(snapshot);
  const actions = [...starts].filter(([partition]) => !next.has(partition)).flatMap(([partition, value]) => [
    markAction({ kind: "start", partition, value }, landing),
    markAction({ kind: "next", partition, value }, landing),
  ]);
  if (logId === null || notedLogIds(landing, snapshot).includes(logId)) return actions;
  return [...actions, { appId: `${logPrefix(landing)}${logId}`, version: 1n }];
}

function logPrefix({ name, topic }: TopicTable): string {
  return `${name}.log/${topic}/`;
}
