/** Names the settings of a run in the commands that its texts advise, so that these lead to the same tables and log. */
import { shellLine } from "../printable.ts";
import { DEFAULT_DATA_DIR } from "./rights/plan_rights.ts";
import { namesOf, readPlaces, type ScriptCall } from "./rights/read_places.ts";
import { SCRIPTS } from "./rights/script_table.ts";
import type { SettingName } from "./rights/setting_names.ts";

/** Values by the names of their variables. */
export type GivenSettings = Readonly<Record<string, string>>;

/**
 * The settings that a script was given and that are not the default, by flag or variable: nobody can tell whether a
 * variable will be set for the next command too. Secrets are left out.
 */
export function givenSettings(script: string, call: ScriptCall): GivenSettings {
  const entry = SCRIPTS[script];
  if (entry === undefined) return {};
  const { settings, isOn } = readPlaces(entry, call);
  const switches = namesOf(entry).filter(({ flag, isSwitch }) => isSwitch && isOn(flag));
  const { DATA_DIR: folder, LOG_FORMAT: _format, LOG_LEVEL: _level, ...others }: GivenSettings = {
    ...settings,
    ...Object.fromEntries(switches.map(({ env }) => [env, "true"])),
  };
  const isDefault = folder === undefined || folder.replace(/\/+$/, "") === DEFAULT_DATA_DIR;
  return isDefault ? others : { DATA_DIR: folder, ...others };
}

/** Stands for a value that is not told. */
const UNTOLD = "…";
const TOLD: readonly string[] = [
  "KAFKA_TOPIC",
  "KAFKA_PARTITIONS",
  "KAFKA_GROUP",
  "KAFKA_SSL",
  "KAFKA_SASL_MECHANISM",
];
/** These as long as they are relative to the folder of the project. */
const RELATIVE: readonly string[] = ["DATA_DIR", "BROKER_FILE", "STATE_FILE", "KAFKA_CA_FILE"];

/** Completes the commands of a page that is passed on. */
export interface ToldCommands {
  readonly complete: (text: string) => string;
  /** What stands for values that are not told; null where all are. */
  readonly untold: string | null;
}

/**
 * Where the settings say more of a machine than its owner may want to tell, as absolute paths, hosts and users do, a
 * mark stands for the value. A command with it finds nothing, which is better than finding another lake.
 */
export function tellCommands(settings: GivenSettings): ToldCommands {
  const told = Object.entries(settings).map(([name, value]) =>
    [name, isTold(name, value) ? value : UNTOLD] as const
  );
  return {
    complete: (text) => completeCommands(text, Object.fromEntries(told)),
    untold: told.some(([, value]) => value === UNTOLD) ? UNTOLD : null,
  };
}

function isTold(name: string, value: string): boolean {
  return TOLD.includes(name) || (RELATIVE.includes(name) && !/^(?:[/\\~]|[A-Za-z]:|file:)/.test(value));
}

/** The text, in which each `deno task <script>` has the settings that this script takes and that the text has not. */
export function completeCommands(text: string, settings: GivenSettings): string {
  return text.replaceAll(/\bdeno task ([a-z]+)\b(?!:)([^`\n]*)/g, (command, script: string, rest: string) => {
    const entry = SCRIPTS[script];
    const flags = (entry === undefined ? [] : namesOf(entry)).flatMap((name) => {
      const value = settings[name.env];
      return value === undefined || rest.includes(`--${name.flag}`) ? [] : flagWords(name, value);
    });
    return flags.length === 0 ? command : `deno task ${script} ${shellLine(flags)}${rest}`;
  });
}

function flagWords({ flag, isSwitch }: SettingName, value: string): readonly string[] {
  // A value that begins with a dash would be taken for a flag.
  return isSwitch || value.startsWith("-") ? [`--${flag}=${value}`] : [`--${flag}`, value];
}
