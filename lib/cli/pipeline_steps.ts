/** The steps of `deno task pipeline`, and which of its flags each gets. */
import { parseArgs } from "@std/cli/parse-args";
import { type OptionTable, switchOption } from "./options.ts";
import { namesOf } from "./rights/read_places.ts";
import { type ScriptEntry, SCRIPTS } from "./rights/script_table.ts";
import { FETCH_OPTIONS, PROCESS_OPTIONS, REPORT_OPTIONS } from "./flags/script_options.ts";

/** Everything that a step has, but for the settings. */
export const PIPELINE_OPTIONS = {
  ...FETCH_OPTIONS,
  ...PROCESS_OPTIONS,
  ...REPORT_OPTIONS,
  json: switchOption("JSON from each step instead of text for people"),
} as const satisfies OptionTable;

const STEPS = ["fetch", "process", "report"] as const;

/** Flags for another thing to do than the step. */
const OTHER_THINGS: readonly string[] = [
  ...["metadata", "follow", "every", "full-every", "mqtt", "mqtt-url", "transactional"],
  ...["max-age", "measure-every"],
];

/** What the pipeline takes: what one of its steps does. */
export const PIPELINE_ENTRY: ScriptEntry = {
  settings: ["digitraffic", "broker", "tables", "state"],
  switches: [...new Set(STEPS.flatMap((script) => SCRIPTS[script]?.switches ?? []))]
    .filter(isOfStep),
  valued: [...new Set(STEPS.flatMap((script) => SCRIPTS[script]?.valued ?? []))].filter(isOfStep),
  variables: Object.fromEntries(
    STEPS.flatMap((script) => Object.entries(SCRIPTS[script]?.variables ?? {})).filter(([flag]) =>
      isOfStep(flag)
    ),
  ),
};

/** A step with its arguments. */
export interface PipelineStep {
  readonly script: string;
  readonly args: readonly string[];
}

/** The steps in order; a flag that is given once goes to every step that knows it. */
export function planSteps(
  args: readonly string[],
  steps: readonly string[] = STEPS,
): readonly PipelineStep[] {
  const entries = steps.map((script) => ({ script, ...flagsOf(SCRIPTS[script] ?? { settings: [] }) }));
  const switches = entries.flatMap((entry) => entry.switches);
  const valued = entries.flatMap((entry) => entry.valued);
  const parsed = parseArgs([...args], {
    boolean: switches,
    string: valued,
    collect: [...switches, ...valued],
  });
  return entries.map((entry) => ({
    script: entry.script,
    args: [...entry.switches, ...entry.valued].flatMap((flag) => {
      const values = parsed[flag];
      return Array.isArray(values) ? values.map((value) => `--${flag}=${value}`) : [];
    }),
  }));
}

function isOfStep(flag: string): boolean {
  return !OTHER_THINGS.includes(flag);
}

function flagsOf(
  entry: ScriptEntry,
): { readonly switches: readonly string[]; readonly valued: readonly string[] } {
  const settings = namesOf(entry).filter(({ isSecret }) => !isSecret);
  return {
    switches: [
      ...(entry.switches ?? []),
      ...settings.filter((name) => name.isSwitch).map(({ flag }) => flag),
    ],
    valued: [...(entry.valued ?? []), ...settings.filter((name) => !name.isSwitch).map(({ flag }) => flag)],
  };
}
