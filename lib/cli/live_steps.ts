/** The processes of `deno task live`, and which of its flags each gets. */
import { countOption, type OptionTable, switchOption } from "./options.ts";
import { planSteps } from "./pipeline_steps.ts";
import { FEED_OPTIONS } from "./flags/feed_options.ts";
import { PROCESS_FOLLOW_OPTIONS } from "./flags/process_follow_options.ts";
import { SCRIPTS } from "./rights/script_table.ts";
import { PROCESS_OPTIONS } from "./flags/script_options.ts";
import { SERVE_OPTIONS } from "./flags/serve_options.ts";

const { json: _json, ...processing } = PROCESS_OPTIONS;
const { follow: _fetch, ...fetching } = FEED_OPTIONS;
const { follow: _process, ...following } = PROCESS_FOLLOW_OPTIONS;

/** Everything that one of the processes has, but for the settings. */
export const LIVE_OPTIONS = {
  simulate: switchOption(
    "follow a simulated world instead of the real feed; its tables are in data_files/live",
  ),
  trains: countOption({
    summary: "with --simulate: trains of a departure date",
    most: 4_000,
    default: "1500",
  }),
  simulatorPort: countOption({
    summary:
      "with --simulate: port of the simulator; with --mqtt too, the next one is that of its MQTT broker",
    most: 65_535,
    default: "8088",
  }),
  ...fetching,
  ...processing,
  ...following,
  ...SERVE_OPTIONS,
} as const satisfies OptionTable;

/** How it was called. */
export interface LiveCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly simulate: boolean;
  readonly trains: number;
  readonly simulatorPort: number;
}

/** A process and its command line. */
export interface LiveStep {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** Of one that ends when its work is done: when it is due again. */
  readonly everyMs?: number;
}

const DAY_MS = 86_400_000;
const SIMULATED_DIR = "data_files/live";

/** The processes in the order in which they start. */
export function planLive({ args, env, simulate, trains, simulatorPort }: LiveCall): readonly LiveStep[] {
  const [fetch = [], process = [], serve = []] = planSteps(args, ["fetch", "process", "serve"])
    .map((step) => step.args);
  const folder = simulate && !isSet(args, env) ? [`--data-dir=${SIMULATED_DIR}`] : [];
  const source = simulate ? [`--digitraffic-url=http://127.0.0.1:${simulatorPort}/api/v1`] : [];
  // Trains of the real world do not belong in a simulated one.
  const mqttPort = simulate && fetch.includes("--mqtt=true") ? mqttPortBeside(simulatorPort) : null;
  const mqtt = mqttPort === null ? [] : [`--mqtt-url=ws://127.0.0.1:${mqttPort}/mqtt`];
  const own = new Set([...SCRIPTS.fetch?.switches ?? [], ...SCRIPTS.fetch?.valued ?? []]);
  const settings = fetch.filter((arg) => !own.has(/^--([^=]*)/.exec(arg)?.[1] ?? ""));
  const broker = mqttPort === null ? [] : [`--mqtt-port=${mqttPort}`];
  const world = ["--world", `--port=${simulatorPort}`, `--trains=${trains}`, ...broker];
  return [
    ...(simulate ? [{ name: "simulate", script: "simulate", args: world }] : []),
    { name: "fetch", script: "fetch", args: ["--follow", ...fetch, ...folder, ...source, ...mqtt] },
    {
      name: "metadata",
      script: "fetch",
      args: ["--metadata", ...settings, ...folder, ...source],
      everyMs: DAY_MS,
    },
    { name: "process", script: "process", args: ["--follow", ...process, ...folder] },
    { name: "serve", script: "serve", args: [...serve, ...folder] },
  ];
}

function mqttPortBeside(port: number): number {
  return port < 65_535 ? port + 1 : port - 1;
}

function isSet(args: readonly string[], { DATA_DIR: folder }: LiveCall["env"]): boolean {
  return Boolean(folder) || args.some((arg) => /^--data-dir(?:=|$)/.test(arg));
}
