/** Says that a source is behind what was published: without a word nothing of it would ever be. */
import { getLogger } from "../../packages/logtape.ts";
import type { PublishedAnswer } from "./publish_answer.ts";

const logger = getLogger(["ratalake", "fetch"]);

/** Warns when most trains of an answer are older than what was published. */
export function warnOfOldSource({ older, unchanged, sent, unpublished }: PublishedAnswer): void {
  if (older <= unchanged + sent.length + unpublished) return;
  logger.warn(
    "{older} trains are older than what was published: the source has gone back (another one, or a simulator that was " +
      "started again). The tables keep the newest version of each train; for another source use another DATA_DIR and " +
      "KAFKA_TOPIC, or begin anew with `deno task reset`",
    { older },
  );
}
