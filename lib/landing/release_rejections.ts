/** Takes the messages of a release out of the quarantine table. */
import { pl } from "../packages/polars.ts";
import {
  type Add,
  commitComputed,
  type Frame,
  frameRows,
  type Predicate,
  type Row,
  scannedFiles,
  type Snapshot,
} from "../delta/mod.ts";
import { releaseAction, releaseNumber } from "../tables/release_mark.ts";
import type { MessagePlaces, Release } from "../tables/release_record.ts";
import type { TopicTable } from "../tables/topic_table.ts";
import { offsetPredicate } from "./offset_predicate.ts";
import { quarantineFields } from "./rejected_row.ts";

/** What rewriting needs beside the release. */
export interface ReleaseOptions {
  /** Tags for a data file: the quality stage's counts of what stays in it. */
  readonly tagsOf: (rejections: Frame) => Readonly<Record<string, string>>;
}

/** A file with messages of the release, and the one with what stays of it; null when nothing does. */
interface Rewritten {
  readonly remove: Add;
  readonly add: Add | null;
}

const PLACE_FIELDS = quarantineFields((name) =>
  ["kafkaTopic", "kafkaPartition", "kafkaOffset"].includes(name)
);

/**
 * Commits the quarantine table without the messages, once, whoever does it. Returns the files with what stays of those
 * that had one; none when another process was faster.
 */
export async function releaseRejections(
  quarantine: TopicTable,
  { number, places }: Pick<Release, "number" | "places">,
  options: ReleaseOptions,
): Promise<readonly Add[]> {
  let adds: readonly Add[] = [];
  const attempt = () =>
    commitComputed(quarantine.delta, async (snapshot) => {
      adds = [];
      if (releaseNumber(quarantine, snapshot) >= number) return undefined;
      const rewritten = await rewriteFiles(quarantine, { places, snapshot, ...options });
      adds = rewritten.flatMap(({ add }) => add ?? []);
      return {
        operation: "DELETE",
        operationParameters: { predicate: JSON.stringify([`released ${number}`]) },
        operationMetrics: {
          numRemovedFiles: String(rewritten.length),
          numAddedFiles: String(adds.length),
          numDeletedRows: String([...places.values()].reduce((sum, offsets) => sum + offsets.length, 0)),
        },
        adds,
        removes: rewritten.map(({ remove }) => remove),
        txns: [releaseAction(quarantine, number)],
        // New rejections never are among those that are released.
        reads: "none" as const,
      };
    }, { isFresh: true });
  let outcome = await attempt();
  // Another process has taken out these, or those of the release before, which is seen by looking again.
  while (outcome.status === "conflict") {
    await quarantine.delta.update();
    outcome = await attempt();
  }
  return outcome.status === "committed" ? adds : [];
}

async function rewriteFiles(
  { delta, topic }: TopicTable,
  { places, snapshot, tagsOf }: ReleaseOptions & {
    readonly places: MessagePlaces;
    readonly snapshot: Snapshot;
  },
): Promise<readonly Rewritten[]> {
  const ranges = [...places].map(([partition, offsets]) =>
    offsetPredicate(topic, { partition, from: offsets[0] ?? 0n, to: (offsets.at(-1) ?? -1n) + 1n })
  );
  const where: Predicate = { kind: "or", terms: ranges };
  const wanted = new Map([...places].map(([partition, offsets]) => [partition, new Set(offsets)]));
  const isReleased = ({ kafkaTopic, kafkaPartition, kafkaOffset }: Row) =>
    kafkaTopic === topic &&
    (wanted.get(Number(kafkaPartition))?.has(BigInt(String(kafkaOffset ?? -1))) ?? false);
  const rewritten: Rewritten[] = [];
  for (const { add: remove } of scannedFiles(snapshot, where)) {
    const frame = await delta.readFile(remove);
    const stays = frameRows(frame.select(...PLACE_FIELDS.map(({ name }) => name)), PLACE_FIELDS)
      .map((row) => !isReleased(row)).toArray();
    if (stays.every((stay) => stay)) continue;
    const rest = keepRows(frame, stays);
    const add = rest.height === 0 ? null : await delta.stageFile(rest, { tags: tagsOf(rest) });
    rewritten.push({ remove, add });
  }
  return rewritten;
}

function keepRows(frame: Frame, stays: readonly boolean[]): Frame {
  const mark = "ratalake stays";
  return frame.withColumn(pl.Series(mark, [...stays], pl.Bool)).filter(pl.col(mark)).drop(mark);
}
