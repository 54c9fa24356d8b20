/** `deno task replay`: publishes recorded responses of the API. */
import { getLogger } from "@logtape/logtape";
import { z } from "zod";
import { brokerFiles } from "../lib/broker/embedded/opened_files.ts";
import { switchOption } from "../lib/cli/options.ts";
import { describeReplay, type ReplayedFile, replayTrains } from "../lib/pipeline/replay_trains.ts";
import { counted } from "../lib/printable.ts";
import { openConfiguredBroker } from "./open_broker.ts";
import { runScript } from "./host.ts";

await runScript({
  name: "replay",
  summary: "Publishes recorded responses of the train API; a broken file is skipped as a whole.",
  example: "deno task replay --fetched-at 2025-02-17T04:21:00Z 'recordings/*.json.gz'",
  settings: ["broker", "tables"],
  positionals: {
    value: "file...",
    summary: ".json (an array), .ndjson or .jsonl (JSON per line), also with .gz; * is a wildcard in names",
    least: 1,
    most: Infinity,
  },
  options: {
    fetchedAt: {
      summary: "when the responses were fetched (default now)",
      value: "time",
      expected: "a time with zone such as 2025-02-17T04:21:00Z, from 1970 on",
      schema: z.iso.datetime({ offset: true }).transform(Date.parse).pipe(z.int().min(0)).optional(),
    },
    json: switchOption("print one line of JSON per file"),
  },
  run: async ({ config, flags, positionals, signal, print, progress }) => {
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
    if (!flags.json) print(`${signal.aborted ? "Stopped; published" : "Published"} ${describeReplay(files)}`);
    return files.some(({ fault }) => fault !== null) ? 1 : 0;
  },
});

function log({ path, published, sizeBytes, complete, fault }: ReplayedFile): void {
  const logger = getLogger(["ratalake", "replay"]);
  if (fault !== null) {
    return logger.error("{fault}; {published} of its trains were published", { fault, published });
  }
  const size = `${(sizeBytes / 1e6).toFixed(1)} MB${complete ? "" : ", stopped before its end"}`;
  logger.info("{path}: {trains}, {size}", { path, trains: counted(published, "train"), size });
}
