/** Makes sure that the broker's log is the one that filled the tables, before anything is read from it. */
import { getLogger } from "../packages/logtape.ts";
import type { Broker, PartitionOffsets } from "../broker/broker.ts";
import { OtherLogError } from "../errors.ts";
import { readFingerprints } from "../landing/read_fingerprints.ts";
import { notedLogIds } from "../tables/log_note.ts";
import { withinCalendar } from "../tables/fingerprint.ts";
import type { TopicTable } from "../tables/topic_table.ts";
import { type ComparedLog, compareLog, firstFingerprints, type LogComparison } from "./compare_log.ts";

const log = getLogger(["ratalake", "process"]);

/** The log that landing is compared with. */
export interface CheckedLog {
  readonly broker: Broker;
  readonly offsets: readonly PartitionOffsets[];
  /** The broker's name for it; null when it has none. */
  readonly logId: string | null;
}

/** What to do about tables and a log that do not belong together; both steps, as one alone is refused again. */
export const OTHER_LOG_ADVICE = "to keep these tables, set DATA_DIR to a new folder for this log; " +
  "to begin anew, run `deno task reset`, which deletes the tables and what fetch has noted, then `deno task fetch`";

/**
 * Compares the name of the log, where the broker has one, and messages that landing has, with what the log has at
 * their offsets. A broker that was emptied or replaced starts again at offset 0: without this check its messages would
 * be taken for landed ones.
 *
 * @throws {OtherLogError} when it is another log; the message says what to do
 */
export async function checkLog(landing: TopicTable, { broker, offsets, logId }: CheckedLog): Promise<void> {
  const noted = notedLogIds(landing);
  if (logId !== null && noted.length > 0 && !noted.includes(logId)) {
    throw otherLog(
      landing,
      broker,
      `its id is ${logId}, expected ${noted.join(" or ")}, which the tables have`,
    );
  }
  const compared = { broker, topic: landing.topic, offsets };
  const known = await readFingerprints(landing);
  const comparison = await compareLog(compared, known);
  if (comparison.outcome === "other") {
    if (comparison.found === null && await hasSurvivors(landing, compared)) return;
    throw otherLog(landing, broker, describe(comparison));
  }
  if (comparison.outcome === "unknown" && logId === null && landing.nextOffsets().size > 0) {
    log.debug(
      "Cannot tell whether {broker} is still the log of these tables: {reason}",
      {
        broker: broker.label,
        reason: known.length === 0 ? "they have no message of it" : "it has none of their messages",
      },
    );
  }
}

/**
 * Whether the first messages that the log has below landing's end are landing's own. Compaction removes the very
 * messages that landing knows the log by when all of them have newer ones of their keys, and leaves others. A log that
 * was made anew has there what landing has not.
 */
async function hasSurvivors(landing: TopicTable, log: ComparedLog): Promise<boolean> {
  const next = landing.nextOffsets();
  const ranges = log.offsets.map(({ partition, earliest, end }) => {
    const landed = next.get(partition) ?? earliest;
    return { partition, from: earliest, to: landed < end ? landed : end };
  }).filter(({ from, to }) => from < to);
  const survivors = await firstFingerprints(log, ranges);
  const { readFingerprintsAt } = await import("../landing/find_messages.ts");
  const landed = await readFingerprintsAt(landing, survivors);
  return landed.length === survivors.length && (await compareLog(log, landed)).outcome === "same";
}

function describe({ expected, found }: LogComparison & { readonly outcome: "other" }): string {
  const { partition, offset, timestampMs } = expected;
  const time = (milliseconds: number) => `one of ${new Date(withinCalendar(milliseconds)).toISOString()}`;
  const instead = found === null
    ? "nothing"
    : Math.abs(found.timestampMs - timestampMs) < 1000
    ? "another message of that time"
    : time(found.timestampMs);
  return `found ${instead} at partition ${partition} offset ${offset}, expected ${
    time(timestampMs)
  }, which the tables have`;
}

function otherLog({ topic }: TopicTable, { label }: Broker, difference: string): OtherLogError {
  return new OtherLogError(
    `Cannot resume topic "${topic}" from ${label}: this is another log than the one of these tables (emptied, ` +
      `restored or made anew): ${difference}; ${OTHER_LOG_ADVICE}`,
  );
}
