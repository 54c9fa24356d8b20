/** `deno task report`: shows what the newest run of process found. */
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { REPORT_OPTIONS } from "../lib/cli/script_options.ts";
import { LocalStore } from "../lib/delta/mod.ts";
import { reportQuality } from "../lib/pipeline/report_quality.ts";
import { openConfiguredBroker } from "./open_broker.ts";
import { canPaint, runScript } from "./host.ts";

await runScript({
  name: "report",
  summary: "Shows what the newest run of process found. Reads the tables and writes nothing.",
  example: "deno task report --json | jq .passed",
  settings: ["broker", "tables"],
  options: REPORT_OPTIONS,
  run: async ({ config, flags, print }) => {
    const { passed, text } = await reportQuality({
      storeOf: (path) => new LocalStore(`${config.dataDir}/${path}`),
      clock: Date.now,
      ids: () => crypto.randomUUID(),
      // Kafka would need a network, which a report has no right to.
      openBroker: config.kafka ? undefined : () => openConfiguredBroker(config, { isReadOnly: true }),
      format: flags.json ? "json" : canPaint(Deno.stdout) ? "colour" : "text",
    });
    print(text);
    return passed ? EXIT_CODES.done.code : EXIT_CODES.quality.code;
  },
});
