/** Whether the disk of the embedded broker has room for another day. Kafka's disk is not ours to look at. */
import { getLogger } from "../../packages/logtape.ts";
import { formatSize } from "../../report/text_table.ts";

const logger = getLogger(["ratalake", "backfill"]);

/** Below this the tables could not be written any more: the back-fill ends. */
const LEAST_BYTES = 1024 ** 3;
/** Below this it is said. A month is about 1 GB. */
const LOW_BYTES = 4 * LEAST_BYTES;

/** A check before each day; says once that room is scarce, or not known. */
export function createRoomCheck(
  brokerFile: string,
  freeBytes: (path: string) => Promise<number | null>,
): () => Promise<void> {
  let isTold = false;
  return async () => {
    const free = await freeBytes(brokerFile);
    if (free !== null && free < LEAST_BYTES) {
      throw new Error(
        `Cannot back-fill into "${brokerFile}": found ${formatSize(free)} of free space, expected ` +
          `${
            formatSize(LEAST_BYTES)
          }; \`deno task process\` ingests what is there and forgets it in time (see ` +
          "KEEP_MESSAGES_HOURS), then the same command goes on",
      );
    }
    if (isTold || (free !== null && free >= LOW_BYTES)) return;
    isTold = true;
    const found = free === null ? "it is not known how much space is free" : `${formatSize(free)} are free`;
    logger.warn(
      "A month of trains takes about 1 GB in {brokerFile}, and {found}: run `deno task process` meanwhile",
      { brokerFile, found },
    );
  };
}
