/** Says that a source is behind what was published: without a word nothing of it would ever be. */
import { getLogger } from "../../packages/logtape.ts";
import type { PublishedAnswer } from "./publish_answer.ts";

const logger = getLogger(["ratalake", "fetch"]);

/** Warns when most trains of an answer are older than what was published; true when they are. */
export function warnOfOldSource({ older, unchanged, sent, unpublished }: PublishedAnswer): boolean {
  if (older <= unchanged + sent.length + unpublished) return false;
  logger.warn(
    "{older} trains are older than what was published: the source has gone back (it was set up anew, is another one, or " +
      "a simulator that was started again). They are left out, and the tables stay as they are. If the source was set up " +
      "anew, `deno task fetch --anew` publishes all its trains as newer; for another source use another DATA_DIR and " +
      "KAFKA_TOPIC",
    { older },
  );
  return true;
}
