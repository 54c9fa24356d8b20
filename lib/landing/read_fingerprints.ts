/** The fingerprints of messages that landing has: the first, the last and one between of each partition. */
import type { Fingerprint } from "../tables/fingerprint.ts";
import { fingerprintsOf } from "../tables/fingerprint_tag.ts";
import type { TopicTable } from "../tables/topic_table.ts";

/**
 * At most three messages per partition, the newest first. They come from the tags of landing's files; a partition
 * whose files have none gives its last message, with time and place alone, read from the newest file that has it.
 */
export async function readFingerprints(landing: TopicTable): Promise<readonly Fingerprint[]> {
  const tagged = [...landing.delta.snapshot.files.values()].flatMap((add) =>
    fingerprintsOf(add, landing.topic)
  );
  const chosen = [...Map.groupBy(tagged, ({ partition }) => partition).values()].flatMap(chooseThree);
  const known = new Set(chosen.map(({ partition }) => partition));
  const ends = [...landing.nextOffsets()].filter(([partition, next]) => next > 0n && !known.has(partition));
  if (ends.length === 0) return chosen;
  // Few tables have files without tags, and opening files takes far more of the library than its log.
  const { readLastMessages } = await import("./find_messages.ts");
  return [...chosen, ...await readLastMessages(landing, ends)];
}

function chooseThree(messages: readonly Fingerprint[]): readonly Fingerprint[] {
  const sorted = messages.toSorted((a, b) => Number(b.offset - a.offset));
  const places = new Set([0, Math.floor(sorted.length / 2), sorted.length - 1]);
  return sorted.filter((_, place) => places.has(place));
}
