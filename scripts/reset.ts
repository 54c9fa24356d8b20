/** `deno task reset`: deletes the tables, the embedded broker's file and what fetch, backfill and followers have noted, after asking. */
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { switchOption } from "../lib/cli/options.ts";
import { UsageError } from "../lib/errors.ts";
import { deleteLeftovers, findLeftovers, findRunning, type Running } from "../lib/pipeline/reset_lake.ts";
import { printable } from "../lib/printable.ts";
import { formatSize } from "../lib/report/text_table.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "reset",
  summary:
    "Begins anew: deletes the tables, the embedded broker's file and what fetch, backfill and followers have noted, after asking.\n" +
    "A topic in Kafka stays as it is: the next process ingests it from its beginning.",
  example: "deno task reset\nDATA_DIR=try_out deno task reset --yes",
  settings: ["broker", "tables", "state"],
  options: { yes: switchOption("delete without asking") },
  run: async ({ config: { dataDir, brokerFile, stateFile, kafka, topic }, flags, print }) => {
    const places = { dataDir, stateFile, brokerFile: kafka === undefined ? brokerFile : null };
    const running = await findRunning(places);
    if (running.length > 0) throw new Error(running.map(refusal).join("\n"));
    const leftovers = await findLeftovers(places);
    if (leftovers.length === 0) {
      print(`Nothing to delete in "${printable(dataDir)}"`);
      return EXIT_CODES.done.code;
    }
    for (const { path, sizeBytes } of leftovers) {
      print(`${printable(path)}  ${formatSize(sizeBytes)}`);
    }
    if (!flags.yes && !isConfirmed()) {
      print("Nothing was deleted");
      return EXIT_CODES.failed.code;
    }
    await deleteLeftovers(leftovers, places);
    const stays = kafka &&
      `; topic "${topic}" in Kafka stays, the next process ingests it from its beginning`;
    print(`Deleted${stays ?? ""}`);
    return EXIT_CODES.done.code;
  },
});

function refusal({ name, holder }: Running): string {
  const who = holder === null ? "" : ` (process ${holder.pid} on ${printable(holder.host)})`;
  return `Cannot reset: found \`${name}\` at work${who}, expected nobody; end it first`;
}

function isConfirmed(): boolean {
  if (!Deno.stdin.isTerminal()) {
    throw new UsageError(["Cannot ask whether to delete: found no terminal, expected --yes"]);
  }
  return confirm("Delete all of this?");
}
