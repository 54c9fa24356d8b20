/** `deno task status`: shows what waits, what is landed, what the last run found, and what to do next. */
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { switchOption } from "../lib/cli/options.ts";
import { LocalStore } from "../lib/delta/mod.ts";
import { readStatus } from "../lib/pipeline/read_status.ts";
import { renderStatus, renderStatusJson } from "../lib/report/render_status.ts";
import { openConfiguredBroker } from "./open_broker.ts";
import { canPaint, runScript } from "./host.ts";

await runScript({
  name: "status",
  summary:
    "Shows what waits in the broker, what the tables hold, what the last run found and what to do next.\n" +
    "Looks and changes nothing.",
  example: "deno task status\ndeno task status --json | jq .sums.waiting",
  settings: ["broker", "tables", "state"],
  options: { json: switchOption("one JSON object instead of a page") },
  run: async ({ config, flags, print }) => {
    const { kafka, brokerFile, dataDir, topic, stateFile } = config;
    const status = await readStatus({
      storeOf: (path) => new LocalStore(`${dataDir}/${path}`),
      openBroker: () => openConfiguredBroker(config, { isReadOnly: true }),
      brokerLabel: kafka ? `kafka ${kafka.brokers.join(",")}` : `embedded ${brokerFile}`,
      topic,
      statePath: stateFile,
      brokerBytes: kafka ? null : await sizeOf(brokerFile),
      clock: Date.now,
      ids: () => crypto.randomUUID(),
    });
    const colour = canPaint(Deno.stdout);
    print(flags.json ? renderStatusJson(status) : renderStatus(status, { colour }));
    return EXIT_CODES.done.code;
  },
});

/** Bytes of the file with what SQLite keeps beside it; null when there is none. */
async function sizeOf(path: string): Promise<number | null> {
  const sizes = await Promise.all(["", "-wal"].map((end) => Deno.stat(path + end).catch(() => null)));
  return sizes[0] === null ? null : sizes.reduce((sum, info) => sum + (info?.size ?? 0), 0);
}
