/** The lines of live operation: what followers take, how soon what was published can be read, years taken in. */

import { backfilledBroker, PAST, workFolder } from "./bench_input.ts";
import type { BenchLine } from "./bench_line.ts";
import { scriptProgram } from "./bench_script.ts";
import type { PreparedLine } from "./measure_line.ts";
import { processing } from "./pipeline_lines.ts";
import { serveTrains } from "./serve_trains.ts";

const OURS = workFolder("ours");
const LATENCY_SECONDS = "30";
const IDLE_TRAINS = "1500";
const IDLE_SECONDS = "60";
const PAST_WORDS = `${PAST.days} days of ${PAST.trains} trains`;

/** In the order of the table. */
export const FOLLOW_LINES: readonly BenchLine[] = [
  {
    ...{ name: "latency, p50", kind: "pipeline", mostRuns: 2, aim: { seconds: 0.25 } },
    prepare: () =>
      Promise.resolve(measuringItself("latency", {
        args: [LATENCY_SECONDS],
        work:
          "100 changed trains a second of 1,500, from publish to readable by another process, --max-age 100ms",
      })),
  },
  {
    ...{ name: "idle followers, 60 s", kind: "pipeline", mostRuns: 1, aim: { seconds: 1.2, isCpu: true } },
    prepare: () =>
      Promise.resolve(measuringItself("idle", {
        args: [IDLE_TRAINS, IDLE_SECONDS],
        work: `fetch --follow and process --follow, ${IDLE_TRAINS} trains that do not change`,
      })),
  },
  {
    ...{ name: "backfill, 90 days", kind: "pipeline", in: "full", mostRuns: 1 },
    prepare: backfill,
  },
  {
    ...{ name: "process, 90 days", kind: "pipeline", in: "full", mostRuns: 1 },
    prepare: async () => ({
      ...await processing(await backfilledBroker()),
      work: `what backfill published: ${PAST_WORDS}`,
    }),
  },
];

/** The simulator is a process of its own; a month is one archive. */
async function backfill(): Promise<PreparedLine> {
  const simulator = await serveTrains(PAST.trains, { isWorld: true });
  const env = { DIGITRAFFIC_URL: simulator.url };
  return {
    work: `${PAST_WORDS}, from archives into an empty broker`,
    ours: {
      ...{ label: "ratalake", work: { folder: OURS, from: null } },
      program: await scriptProgram("backfill", OURS, { args: PAST.args, env }),
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}

/** A script that starts processes itself, measures them, and leaves words about it in a file. */
function measuringItself(
  name: string,
  { args, work }: { readonly args: readonly string[]; readonly work: string },
): PreparedLine {
  const script = `tests/bench/${name}_work.ts`;
  const start = ["run", "--quiet", "--no-prompt", "-P=bench", script, OURS];
  return {
    work,
    ours: {
      ...{ label: "ratalake", timesItself: true, work: { folder: OURS, from: null } },
      program: { command: Deno.execPath(), args: [...start, ...args] },
    },
    describe: () => Deno.readTextFile(`${OURS}/${name}.txt`),
  };
}
