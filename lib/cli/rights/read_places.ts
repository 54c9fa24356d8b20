/** Reads from flags and environment what decides about rights, exactly as the script itself will read it. */
import { parseArgs } from "@std/cli/parse-args";
import type { ScriptEntry } from "./script_table.ts";
import { type PLACE_VARIABLES, SETTING_NAMES, type SettingName } from "./setting_names.ts";

/** A command line, as the launcher gets it. */
export interface ScriptCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a command line says about places; a setting that is not given anywhere is absent. */
export interface Places {
  readonly settings: Readonly<Partial<Record<(typeof PLACE_VARIABLES)[number], string>>>;
  readonly positionals: readonly string[];
  /** The text of a flag of the script's own. */
  readonly flag: (name: string) => string | undefined;
  readonly isOn: (name: string) => boolean;
}

/**
 * Flag beats environment; an empty variable counts as unset. What is wrong here is left to the script, which says it:
 * it ends before it uses any right.
 */
export function readPlaces(entry: ScriptEntry, { args, env }: ScriptCall): Places {
  const names = namesOf(entry);
  const parsed = parseArgs([...args], {
    boolean: [...(entry.switches ?? []), ...names.filter(isSwitch).map(({ flag }) => flag)],
    string: [
      "_",
      ...(entry.valued ?? []),
      ...names.filter((name) => !isSwitch(name)).map(({ flag }) => flag),
    ],
  });
  const flag = (name: string) => {
    const value = parsed[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const own = Object.entries(entry.variables ?? {}).map(([flag, env]): SettingName => ({ flag, env }));
  const given = [...names, ...own].filter((name) => !name.isSecret)
    .map((name) => [name.env, flag(name.flag) ?? (env[name.env] || undefined)]);
  return {
    settings: Object.fromEntries(given.filter(([, text]) => text !== undefined)),
    positionals: parsed._.map(String),
    flag,
    isOn: (name) => parsed[name] === true,
  };
}

/** The settings that a script takes. */
export function namesOf({ settings }: ScriptEntry): readonly SettingName[] {
  return [...settings, "log" as const].flatMap((group) => SETTING_NAMES[group]);
}

function isSwitch(name: SettingName): boolean {
  return name.isSwitch === true;
}
