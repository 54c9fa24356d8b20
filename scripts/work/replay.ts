/** What `deno task replay` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../lib/cli/run_command.ts";
import type { REPLAY_OPTIONS } from "../../lib/cli/flags/replay_options.ts";
import { getLogger } from "../../lib/packages/logtape.ts";
import { describeReplay, type ReplayedFile, replayTrains } from "../../lib/pipeline/replay_trains.ts";
import { counted } from "../../lib/printable.ts";
import { formatSize } from "../../lib/report/text_table.ts";
import { brokerFiles } from "../../lib/broker/embedded/opened_files.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";

/** Resolves to the exit code. */
export async function replayFiles(
  { config, flags, positionals, signal, print, progress, forPeople }: Call<typeof REPLAY_OPTIONS>,
): Promise<number> {
  await using broker = await openConfiguredBroker(config, { signal });
  const files = await replayTrains({
    broker,
    topic: config.topic,
    partitions: config.partitions,
    files: positionals,
    brokerFiles: config.kafka ? [] : brokerFiles(config.brokerFile),
    fetchedAtMs: flags.fetchedAt ?? Date.now(),
    signal,
    onProgress: (path, published) => progress.doing(`${path}: ${counted(published, "train")} published`),
    onFile: (file) => flags.json ? print(JSON.stringify(file)) : log(file),
  });
  const word = signal.aborted ? "Stopped; published" : "Published";
  if (!flags.json) print(forPeople(`${word} ${describeReplay(files)}`));
  return files.some(({ fault }) => fault !== null) ? 1 : 0;
}

function log({ path, published, sizeBytes, complete, fault }: ReplayedFile): void {
  const logger = getLogger(["ratalake", "replay"]);
  if (fault !== null) {
    return logger.error("{fault}; {published} of its trains were published", { fault, published });
  }
  const size = `${formatSize(sizeBytes)}${complete ? "" : ", stopped before its end"}`;
  logger.info("{path}: {trains}, {size}", { path, trains: counted(published, "train"), size });
}
