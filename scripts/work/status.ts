/** What `deno task status` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../lib/cli/run_command.ts";
import type { STATUS_OPTIONS } from "../../lib/cli/flags/status_options.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import { getLogger } from "../../lib/packages/logtape.ts";
import { LocalStore } from "../../lib/delta/mod.ts";
import { readStatus } from "../../lib/pipeline/read_status.ts";
import { renderStatus, renderStatusJson } from "../../lib/report/render_status.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";
import { canPaint } from "../host/run_script.ts";
import { readHeartbeats } from "../host/read_heartbeats.ts";
import { policyIn } from "../host/policy_file.ts";

/** Resolves to the exit code. */
export async function showStatus(
  { config, flags, print, completeCommands }: Call<typeof STATUS_OPTIONS>,
): Promise<number> {
  const { kafka, brokerFile, dataDir, topic, stateFile } = config;
  const status = await readStatus({
    storeOf: (path) => new LocalStore(`${dataDir}/${path}`),
    openBroker: () => openConfiguredBroker(config, { isReadOnly: true }),
    brokerLabel: kafka ? `kafka ${kafka.brokers.join(",")}` : `embedded ${brokerFile}`,
    topic,
    statePath: stateFile,
    policyFile: policyIn(dataDir),
    brokerBytes: kafka ? null : await sizeOf(brokerFile),
    heartbeats: await readHeartbeats(dataDir),
    clock: Date.now,
    ids: () => crypto.randomUUID(),
  });
  const looks = { colour: canPaint(Deno.stdout), completeCommands };
  print(flags.json ? renderStatusJson(status, looks) : renderStatus(status, looks));
  const log = getLogger(["ratalake", "status"]);
  for (const { path, fault } of status.tableFaults) log.error("Cannot read {path}: {fault}", { path, fault });
  return (status.tableFaults.length === 0 ? EXIT_CODES.done : EXIT_CODES.failed).code;
}

/** Bytes of the file with what SQLite keeps beside it; null when there is none. */
async function sizeOf(path: string): Promise<number | null> {
  const sizes = await Promise.all(["", "-wal"].map((end) => Deno.stat(path + end).catch(() => null)));
  return sizes[0] === null ? null : sizes.reduce((sum, info) => sum + (info?.size ?? 0), 0);
}
