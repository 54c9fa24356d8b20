/** What `deno task process` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../lib/cli/run_command.ts";
import type { PROCESS_OPTIONS } from "../../lib/cli/flags/script_options.ts";
import { getLogger } from "../../lib/packages/logtape.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import { jitteredBackoff, LocalStore } from "../../lib/delta/mod.ts";
import { openLake } from "../../lib/tables/lake.ts";
import { processTrains } from "../../lib/pipeline/process_trains.ts";
import { describeImbalance, describeLoss, describeProcess } from "../../lib/pipeline/process_summary.ts";
import { counted } from "../../lib/printable.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";
import { policyIn } from "../host/policy_file.ts";
import { releaseMemory } from "../host/release_memory.ts";

const HOUR_MS = 3_600_000;
/** Without a setting. */
const KEEP_FILES_HOURS = 168;

/** Resolves to the exit code. */
export async function processTopic(
  { config, flags, signal, print, progress, forPeople }: Call<typeof PROCESS_OPTIONS>,
): Promise<number> {
  const context = { clock: Date.now, ids: () => crypto.randomUUID() };
  const backoff = jitteredBackoff({ random: Math.random });
  progress.doing(
    config.kafka ? `connecting to ${config.kafka.brokers.join(",")}` : "opening the log and the tables",
  );
  await using broker = await openConfiguredBroker(config, { signal });
  const storeOf = (path: string) => new LocalStore(`${config.dataDir}/${path}`);
  const lake = await openLake(storeOf, { topic: config.topic, ...context, backoff });
  const summary = await processTrains({ broker, lake, group: config.group, storeOf }, {
    limits: {
      maxBatchBytes: flags.maxBatchMb * 1_000_000,
      keepFilesMs: (flags.keepFilesHours ?? KEEP_FILES_HOURS) * HOUR_MS,
      keepMessagesMs: flags.keepMessagesHours * HOUR_MS,
    },
    surroundings: { ...context, monotonic: () => performance.now(), signal, releaseMemory },
    policyFile: policyIn(config.dataDir),
    onPlan: (waiting) => progress.doing(`${counted(waiting, "offset")} waiting`),
    onBatch: (records, waiting) => {
      const sum = (count: "landed" | "rowsAdded") =>
        records.reduce((total, record) => total + record[count], 0);
      progress.batchDone({ messages: sum("landed"), rows: sum("rowsAdded"), lag: BigInt(waiting) });
    },
  });
  print(flags.json ? JSON.stringify(summary) : forPeople(describeProcess(summary)));
  const log = getLogger(["ratalake", "process"]);
  const imbalance = describeImbalance(summary);
  if (imbalance !== null) log.warn(imbalance);
  const loss = describeLoss(summary);
  if (loss === null) return EXIT_CODES.done.code;
  log.error(loss);
  return EXIT_CODES.failed.code;
}
