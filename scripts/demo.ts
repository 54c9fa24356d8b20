/** `deno task demo`: the whole pipeline on made-up trains, for a first look. */
import { completeCommands } from "../lib/cli/complete_commands.ts";
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { takeDemoFolder, waysIn } from "./work/demo/demo_folder.ts";
import { canPaint, runScript } from "./host/run_script.ts";
import { DEMO_START_MS, fillDemo } from "./work/demo/fill_demo.ts";

const DATA_DIR = "data_files/demo";
const inFolder = (text: string) => completeCommands(text, { DATA_DIR });
/** A millisecond later at each look. */
let looks = 0;

await runScript({
  name: "demo",
  summary: "Runs the whole pipeline on made-up trains: no network, no server, no account.",
  example: "deno task demo",
  run: async ({ print, signal }) => {
    using _folder = await takeDemoFolder(DATA_DIR);
    const { passed, text, headlines } = await fillDemo(DATA_DIR, {
      clock: () => DEMO_START_MS + looks++,
      monotonic: () => performance.now(),
      ids: () => crypto.randomUUID(),
      random: Math.random,
      signal,
      say: print,
      report: { format: "text", looks: { colour: canPaint(Deno.stdout), completeCommands: inFolder } },
    });
    const trains = ["The trains", ...headlines].join("\n").replaceAll("\n", "\n  ");
    print(`\n${text}\n\n${trains}\n\n${waysIn(DATA_DIR)}`);
    return passed ? EXIT_CODES.done.code : EXIT_CODES.quality.code;
  },
});
