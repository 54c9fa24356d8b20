/**
 * A table that ingests a topic exactly once. Each commit that adds messages carries, beside its files, a Delta `txn`
 * action per partition with the next offset (appId `<table>/<topic>/<partition>`), so that the table itself knows how
 * far it is, whatever became of the process that wrote to it.
 */
import type { ComputedChange, DeltaTable, Snapshot } from "../delta/mod.ts";
import { telemetry } from "../telemetry/telemetry.ts";
import { type LogMark, markAction, type MarkedLog, readMarks } from "./log_marks.ts";

/** Offsets of one Kafka partition: `from <= offset < to`. */
export interface OffsetRange {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** Numbers of offsets without a message, by why there is none. */
export interface SkippedOffsets {
  /** Deleted by the broker's retention before they were landed: a loss. */
  readonly expired: bigint;
  /** Never visible: markers and aborted records of transactions, records that compaction removed. */
  readonly gaps: bigint;
}

/** A range that is ingested. What is said of offsets without a message is added up in the table. */
export type IngestedRange = OffsetRange & Partial<SkippedOffsets>;

/** Which table of which topic. */
export interface TopicTableOptions extends MarkedLog {
  /** True when it gets only some of the messages: it may stand before or behind the start of a batch. */
  readonly isSparse?: boolean;
}

/** What a stage gets to see when it writes. */
export interface IngestView {
  /** The version that the commit will follow. */
  readonly snapshot: Snapshot;
  /** Whether the table does not have the message yet. */
  readonly isNew: (message: { readonly partition: number; readonly offset: bigint }) => boolean;
}

/** What a stage writes: files that are staged, and what was read for them. The offsets are not its business. */
export type IngestChange = Omit<ComputedChange, "txns">;

/** The version that has the messages; "overtaken" when another process has ingested some of them meanwhile. */
export type IngestOutcome = { readonly version: number } | "overtaken";

/** A Delta table together with its place in the log of one topic. */
export class TopicTable {
  readonly delta: DeltaTable;
  readonly topic: string;
  /** As it stands in the appIds. */
  readonly name: string;
  readonly #isSparse: boolean;

  constructor(delta: DeltaTable, { name, topic, isSparse = false }: TopicTableOptions) {
    this.delta = delta;
    this.topic = topic;
    this.name = name;
    this.#isSparse = isSparse;
  }

  /** The next offset that the table needs of each partition; partitions that it never saw are absent. */
  nextOffsets(snapshot: Snapshot = this.delta.snapshot): ReadonlyMap<number, bigint> {
    return readMarks(snapshot, "next", this);
  }

  /** Where the log began for this table, per partition; absent where nobody has noted it. */
  startOffsets(snapshot: Snapshot = this.delta.snapshot): ReadonlyMap<number, bigint> {
    return readMarks(snapshot, "start", this);
  }

  /** Offsets without a message before the next offset of a partition. */
  skippedOffsets(partition: number, snapshot: Snapshot = this.delta.snapshot): SkippedOffsets {
    const [expired, gaps] = (["expired", "gaps"] as const).map((kind) =>
      readMarks(snapshot, kind, this).get(partition) ?? 0n
    );
    return { expired: expired ?? 0n, gaps: gaps ?? 0n };
  }

  /** What the table lacks of the messages that another table has. */
  missingFrom(other: TopicTable): readonly OffsetRange[] {
    const next = this.nextOffsets();
    const starts = other.startOffsets();
    return [...other.nextOffsets()].map(([partition, to]) => ({
      partition,
      from: next.get(partition) ?? starts.get(partition) ?? 0n,
      to,
    }))
      .filter(({ from, to }) => from < to);
  }

  /**
   * Commits the messages of the ranges, all or none. `stage` writes the files; it runs again when another writer was
   * faster, and returns undefined when there is nothing to write. What the table has already is not written again: a
   * sparse table asks `isNew` for each message, any other has to stand exactly where the ranges begin.
   *
   * @throws {CommitConflictError} when other writers were faster as often as the table allows
   */
  async ingest(
    ranges: readonly IngestedRange[],
    stage: (view: IngestView) => Promise<IngestChange | undefined>,
  ): Promise<IngestOutcome> {
    const attributes = { table: this.name, topic: this.topic };
    return await telemetry().span("commit", { attributes }, () => this.#ingest(ranges, stage));
  }

  async #ingest(
    ranges: readonly IngestedRange[],
    stage: (view: IngestView) => Promise<IngestChange | undefined>,
  ): Promise<IngestOutcome> {
    const { commitComputed } = await import("../delta/mod.ts");
    let isOvertaken = false;
    // A table object also moves past commits of others, so each attempt has to ask its own snapshot.
    const outcome = await commitComputed(this.delta, async (snapshot) => {
      const next = this.nextOffsets(snapshot);
      isOvertaken = !this.#isSparse &&
        ranges.some(({ partition, from }) => (next.get(partition) ?? from) !== from);
      if (isOvertaken) return undefined;
      const isNew: IngestView["isNew"] = ({ partition, offset }) => offset >= (next.get(partition) ?? 0n);
      const change = await stage({ snapshot, isNew });
      const marks = ranges.flatMap((range) => this.#marksAfter(range, snapshot));
      return change && { ...change, txns: marks.map((mark) => markAction(mark, this)) };
    }, { isFresh: true });
    return isOvertaken || outcome.status === "conflict" ? "overtaken" : { version: outcome.version };
  }

  /** A table never goes back: a sparse one may be beyond the end of a range. */
  #marksAfter(range: IngestedRange, snapshot: Snapshot): readonly LogMark[] {
    const { partition, to, expired = 0n, gaps = 0n } = range;
    const marks: LogMark[] = [];
    if (to > (this.nextOffsets(snapshot).get(partition) ?? -1n)) {
      marks.push({ kind: "next", partition, value: to });
    }
    if (this.#isSparse) return marks;
    const before = this.skippedOffsets(partition, snapshot);
    if (expired > 0n) marks.push({ kind: "expired", partition, value: before.expired + expired });
    if (gaps > 0n) marks.push({ kind: "gaps", partition, value: before.gaps + gaps });
    return marks;
  }
}
