/** Looks whether the topic has news, and whether it is still as it was. */
import type { PartitionOffsets } from "../../broker/broker.ts";
import { planRead, type ReadPlan } from "../plan_read.ts";
import type { ProcessRun } from "../process_run.ts";

/**
 * What a look found: nothing new; something that is to be looked at as a run does at its start; or news, and how old the
 * oldest of it is at most, in milliseconds.
 */
export type Look =
  | { readonly kind: "none" }
  | { readonly kind: "check" }
  | { readonly kind: "news"; readonly plan: ReadPlan; readonly ageMs: number };

/**
 * Compares the ends of the log with where landing ends, and with what they were. That the log is the one of the tables
 * is checked by whoever calls when a look says so, and now and then; between that it need not be asked for each batch.
 * A log in another file is seen by the broker itself. A topic that was made anew begins at 0: its ends are lower than
 * before, or than the tables are, unless all that was ever in it came again between two looks.
 */
export class NewsWatch {
  #known: ReadonlyMap<number, bigint> | undefined;
  #lookedMs: number;
  #sinceMs: number | undefined;

  /** `nowMs` is of a clock that never goes back, here and below. */
  constructor(nowMs: number) {
    this.#lookedMs = nowMs;
  }

  /** @throws {OtherLogError} when the log ends before the tables do */
  async look({ broker, lake: { landing, topic } }: ProcessRun, nowMs: number): Promise<Look> {
    const offsets = await broker.topicOffsets(topic);
    const before = this.#known, beforeMs = this.#lookedMs;
    this.#known = new Map(offsets.map(({ partition, end }) => [partition, end]));
    this.#lookedMs = nowMs;
    const landed = landing.nextOffsets();
    if (!isAsBefore(offsets, before, landed)) return { kind: "check" };
    const isNoted = landing.startOffsets().size > 0;
    const plan = planRead(offsets, { landed, isNoted, topic, brokerLabel: broker.label });
    if (plan.waiting === 0) {
      this.#sinceMs = undefined;
      return { kind: "none" };
    }
    // It was not there at the look before.
    this.#sinceMs ??= beforeMs;
    return { kind: "news", plan, ageMs: nowMs - this.#sinceMs };
  }

  /** What waited at the last look is ingested. */
  ingested(): void {
    this.#sinceMs = undefined;
  }
}

function isAsBefore(
  offsets: readonly PartitionOffsets[],
  before: ReadonlyMap<number, bigint> | undefined,
  landed: ReadonlyMap<number, bigint>,
): boolean {
  if (offsets.length === 0 || (before !== undefined && before.size !== offsets.length)) return false;
  return offsets.every(({ partition, earliest, end }) =>
    (before === undefined || end >= (before.get(partition) ?? end)) &&
    earliest <= (landed.get(partition) ?? earliest)
  );
}
