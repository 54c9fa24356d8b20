/** `deno task demo`: the whole pipeline on made-up trains, for a first look. */
import { setTimeout as sleep } from "node:timers/promises";
import { openBroker } from "../lib/broker/open_broker.ts";
import { completeCommands } from "../lib/cli/complete_commands.ts";
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { LocalStore } from "../lib/delta/mod.ts";
import { openLake } from "../lib/tables/lake.ts";
import { runDemo } from "../lib/pipeline/run_demo.ts";
import { serveSimulator } from "../lib/simulator/serve_simulator.ts";
import { takeDemoFolder, waysIn } from "./demo_folder.ts";
import { canPaint, runScript } from "./host.ts";
import { releaseMemory } from "./release_memory.ts";

const DATA_DIR = "data_files/demo";
const inFolder = (text: string) => completeCommands(text, { DATA_DIR });
/** A Tuesday's rush hour, a millisecond later at each look: everybody sees the same trains and the same figures. */
let looks = 0;
const demoClock = () => Date.UTC(2026, 1, 17, 5) + looks++;

await runScript({
  name: "demo",
  summary: "Runs the whole pipeline on made-up trains: no network, no server, no account.",
  example: "deno task demo",
  run: async ({ print, signal }) => {
    using _folder = await takeDemoFolder(DATA_DIR);
    await using simulator = serveSimulator({ seed: 1, trains: 300, clock: demoClock });
    const context = { clock: simulator.clock, ids: () => crypto.randomUUID() };
    await using broker = await openBroker({ path: `${DATA_DIR}/broker.db`, clock: simulator.clock });
    const storeOf = (path: string) => new LocalStore(`${DATA_DIR}/${path}`);
    const lake = await openLake(storeOf, { topic: "digitraffic_live_trains", ...context });
    const { passed, text, headlines } = await runDemo({
      simulator,
      api: {
        user: "ratalake/demo",
        clock: simulator.clock,
        sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
        random: Math.random,
        deadline: (ms) => AbortSignal.timeout(ms),
        fetch: (request) => fetch(request),
      },
      input: { broker, lake, group: "ratalake-demo", storeOf },
      process: {
        limits: { maxBatchBytes: 32_000_000 },
        surroundings: { ...context, monotonic: () => performance.now(), signal, releaseMemory },
      },
      report: {
        storeOf,
        ...context,
        format: "text",
        looks: { colour: canPaint(Deno.stdout), completeCommands: inFolder },
      },
      statePath: `${DATA_DIR}/publish_state.json`,
      partitions: 3,
      say: print,
    });
    const trains = ["The trains", ...headlines].join("\n  ");
    print(`\n${text}\n\n${trains}\n\n${waysIn(DATA_DIR)}`);
    return passed ? EXIT_CODES.done.code : EXIT_CODES.quality.code;
  },
});
