/** What `deno task rights` needs: a script's flags without their meaning, and its settings as flags. */
import { z } from "../packages/zod.ts";
import type { OptionTable } from "./options.ts";
import { namesOf, type ScriptCall } from "./rights/read_places.ts";
import type { ScriptEntry } from "./rights/script_table.ts";
import type { SettingName } from "./rights/setting_names.ts";

/** The script's own flags; what their values mean only the script knows. */
export function ownOptions({ switches = [], valued = [], variables = {} }: ScriptEntry): OptionTable {
  const text = { summary: "as the script takes it", expected: "a value", schema: z.string().optional() };
  return Object.fromEntries([
    ...switches.map((flag) => [camelCase(flag), text] as const),
    ...valued.map((flag) => {
      const env = variables[flag];
      return [camelCase(flag), { ...text, value: "value", ...(env === undefined ? {} : { env }) }] as const;
    }),
  ]);
}

/** The arguments that make a script do the same without this environment; of secrets only the names are given back. */
export function settingsAsFlags(
  entry: ScriptEntry,
  { args, env }: ScriptCall,
): { readonly flags: readonly string[]; readonly secrets: readonly string[] } {
  const end = args.indexOf("--");
  const given = new Set((end === -1 ? args : args.slice(0, end)).map((arg) => arg.replace(/=.*$/s, "")));
  const set = variablesOf(entry).filter(({ flag, env: name }) => env[name] && !given.has(`--${flag}`));
  return {
    flags: set.filter(({ isSecret }) => !isSecret).flatMap((name) => flagWords(name, env[name.env] ?? "")),
    secrets: set.filter(({ isSecret }) => isSecret).map((name) => name.env),
  };
}

/** All variables that a script reads, with their flags. */
export function variablesOf(entry: ScriptEntry): readonly SettingName[] {
  const own = Object.entries(entry.variables ?? {}).map(([flag, env]) => ({ flag, env }));
  return [...namesOf(entry), ...own];
}

function flagWords({ flag, isSwitch }: SettingName, text: string): readonly string[] {
  // A value that begins with a dash would be taken for a flag.
  return isSwitch ? [`--${flag}=${z.stringbool().parse(text)}`] : [`--${flag}=${text}`];
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
