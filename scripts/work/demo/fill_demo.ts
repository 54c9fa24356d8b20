/** Fills a folder with the tables of the demo; what may differ from run to run comes in. */
import { setTimeout as sleep } from "node:timers/promises";
import { openBroker } from "../../../lib/broker/open_broker.ts";
import { LocalStore } from "../../../lib/delta/mod.ts";
import { type DemoOutcome, runDemo } from "../../../lib/pipeline/run_demo.ts";
import type { ReportOptions } from "../../../lib/pipeline/report_quality.ts";
import { serveSimulator } from "../../../lib/simulator/serve_simulator.ts";
import { openLake } from "../../../lib/tables/lake.ts";
import { releaseMemory } from "../../host/release_memory.ts";

/** A Tuesday's rush hour: everybody sees the same trains. */
export const DEMO_START_MS = Date.UTC(2026, 1, 17, 5);
const TRAINS = { seed: 1, trains: 300 };

/** What it runs with. */
export interface DemoHost {
  readonly clock: () => number;
  readonly monotonic: () => number;
  readonly ids: () => string;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly report: Pick<ReportOptions, "format" | "looks">;
  /** The address of the API as the tables note it; the simulator's own when absent. */
  readonly apiUrl?: string;
}

/** Runs the demo in an empty folder. */
export async function fillDemo(folder: string, host: DemoHost): Promise<DemoOutcome> {
  const { ids, monotonic, random, signal, say, report } = host;
  await using simulator = serveSimulator({ ...TRAINS, clock: host.clock });
  const { clock, url } = simulator;
  const { apiUrl = url } = host;
  const context = { clock, ids };
  await using broker = await openBroker({ path: `${folder}/broker.db`, clock });
  const storeOf = (path: string) => new LocalStore(`${folder}/${path}`);
  const lake = await openLake(storeOf, { topic: "digitraffic_live_trains", ...context });
  return await runDemo({
    simulator: { ...simulator, url: apiUrl },
    api: {
      user: "ratalake/demo",
      clock,
      sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
      random,
      deadline: (ms) => AbortSignal.timeout(ms),
      fetch: (request) =>
        fetch(apiUrl === url ? request : new Request(request.url.replace(apiUrl, url), request)),
    },
    input: { broker, lake, group: "ratalake-demo", storeOf },
    process: {
      limits: { maxBatchBytes: 32_000_000 },
      surroundings: { ...context, monotonic, signal, releaseMemory },
    },
    report: { storeOf, ...context, ...report },
    statePath: `${folder}/publish_state.json`,
    partitions: 3,
    say,
  });
}
