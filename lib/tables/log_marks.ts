/**
 * What the `txn` actions of a table say about the log of a topic: a number per partition and kind. They are committed
 * with the rows, kept by checkpoints, and left alone by other engines.
 */
import type { SetTransaction, Snapshot } from "../delta/mod.ts";

/** What is noted per partition. */
export type MarkKind =
  /** The next offset that the table needs. */
  | "next"
  /** The first offset that was there when the partition was first seen. */
  | "start"
  /** Offsets up to the next one that retention deleted before they were landed. */
  | "expired"
  /** Offsets up to the next one that never were a message. */
  | "gaps";

/** One number of one partition. */
export interface LogMark {
  readonly kind: MarkKind;
  readonly partition: number;
  readonly value: bigint;
}

/** A table's name in the appIds, and the topic. */
export interface MarkedLog {
  readonly name: string;
  readonly topic: string;
}

/** The marks of one kind, by partition. */
export function readMarks({ txns }: Snapshot, kind: MarkKind, log: MarkedLog): ReadonlyMap<number, bigint> {
  const prefix = prefixOf(kind, log);
  const marks = new Map<number, bigint>();
  for (const [appId, { version }] of txns) {
    if (appId.startsWith(prefix)) marks.set(Number(appId.slice(prefix.length)), version);
  }
  return marks;
}

/** The action that notes a mark. */
export function markAction({ kind, partition, value }: LogMark, log: MarkedLog): SetTransaction {
  return { appId: `${prefixOf(kind, log)}${partition}`, version: value };
}

/** The other topics that the table has messages of. */
export function otherTopics(snapshot: Snapshot, { name, topic }: MarkedLog): readonly string[] {
  return topicsOf(snapshot, name).filter((other) => other !== topic);
}

/** The topics that the table of this name has messages of. */
export function topicsOf({ txns }: Snapshot, name: string): readonly string[] {
  const topics = [...txns.keys()].filter((appId) => appId.startsWith(`${name}/`))
    .map((appId) => appId.slice(name.length + 1, appId.lastIndexOf("/")));
  return [...new Set(topics)].sort();
}

/** "next" has no word of its own: so the appIds were before there were other kinds. */
function prefixOf(kind: MarkKind, { name, topic }: MarkedLog): string {
  return `${name}${kind === "next" ? "" : `.${kind}`}/${topic}/`;
}
