/** Turns a command line into the arguments of the `deno` that runs it, with exactly the rights it needs. */
import { compileArguments } from "./compile_arguments.ts";
import { type Disk, PLAIN_DISK } from "./disk.ts";
import { planRights, type Rights } from "./plan_rights.ts";
import type { ScriptCall } from "./read_places.ts";
import { ENGINE_FLAGS, LAZY_IMPORTS, SCRIPTS } from "./script_table.ts";

/** A permission set of deno.json, as far as it is looked at here. */
export type PermissionSet = Readonly<Record<string, unknown>>;

/** A command line with the world around it. */
export interface StartCall extends ScriptCall, Disk {
  /** `permissions` of deno.json. */
  readonly sets: Readonly<Record<string, PermissionSet>>;
  /** What is allowed in addition. */
  readonly also?: Partial<Rights>;
  /** Compile a binary instead of running the script; holds the names in node_modules/.deno. */
  readonly packages?: readonly string[];
}

/** How to start a script: the arguments of `deno`, or what keeps it from being started. */
export interface Start {
  readonly command: readonly string[];
  readonly faults: readonly string[];
}

/** Scripts that start others. */
const STARTERS: readonly string[] = ["pipeline", "live"];
const KINDS = ["read", "write", "net"] as const;
const NOTHING_GIVEN: ScriptCall & Disk = { args: [], env: {}, ...PLAIN_DISK };

/**
 * The set in deno.json has the rights of the default settings. Where settings differ, the default places go and those
 * that are set come, so that a script never has both.
 */
export function planStart(name: string, call: StartCall): Start {
  if (STARTERS.includes(name)) return planStarter(name, call);
  const entry = Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined;
  if (entry === undefined) {
    const known = [...Object.keys(SCRIPTS), ...STARTERS].join(", ");
    return { command: [], faults: [`Cannot start "${name}": no such script, expected one of ${known}`] };
  }
  const needed = isHelp(call.args) ? NOTHING_GIVEN : call;
  const rights = union(planRights(entry, needed, needed), call.also);
  const set = call.sets[name] ?? {};
  if (call.packages !== undefined) {
    const isNative = set.ffi !== undefined;
    const command = compileArguments(name, { rights, isNative, packages: call.packages });
    return { command, faults: commaFaults(rights) };
  }
  const usual = planRights(entry, NOTHING_GIVEN, NOTHING_GIVEN);
  const flags = KINDS.flatMap((kind) => flagOf(kind, { set, usual, rights }));
  const options = ["run", "--quiet", "--no-prompt", `-P=${name}`, ...flags];
  const engine = [LAZY_IMPORTS, `--v8-flags=${ENGINE_FLAGS}`];
  return {
    command: [...options, ...engine, `scripts/${name}.ts`, ...call.args],
    faults: commaFaults(rights),
  };
}

/** It plans the rights of what it starts itself, when it starts it: it has those of the launcher. */
function planStarter(name: string, { args, packages }: StartCall): Start {
  if (packages === undefined) {
    const options = ["run", "--quiet", "--no-prompt", "-P=launch"];
    return { command: [...options, `scripts/${name}.ts`, ...args], faults: [] };
  }
  const faults = [
    `Cannot compile "${name}": it starts other scripts, each with its own rights; expected fetch, process or report`,
  ];
  return { command: [], faults };
}

function union(rights: Rights, { read = [], write = [], net = [] }: Partial<Rights> = {}): Rights {
  return {
    read: [...rights.read, ...read],
    write: [...rights.write, ...write],
    net: [...rights.net, ...net],
  };
}

function isHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}

interface Choice {
  readonly set: PermissionSet;
  readonly usual: Rights;
  readonly rights: Rights;
}

/** A flag replaces the whole list of the set, so it repeats what the set has beside the places. */
function flagOf(kind: keyof Rights, { set, usual, rights }: Choice): readonly string[] {
  if (rights[kind].join("\n") === usual[kind].join("\n")) return [];
  const fixed = listOf(set[kind]).filter((place) => !usual[kind].includes(place.replace(/^\.\//, "")));
  const places = [...fixed, ...rights[kind]];
  return places.length === 0 ? [`--deny-${kind}`] : [`--allow-${kind}=${places.join(",")}`];
}

function listOf(right: unknown): readonly string[] {
  return Array.isArray(right) ? right.map(String) : [];
}

function commaFaults({ read, write }: Rights): readonly string[] {
  return [...new Set([...read, ...write])].filter((path) => path.includes(","))
    .map((path) =>
      `Cannot use ${
        JSON.stringify(path)
      }: found a comma, expected a path without one (Deno separates rights by commas)`
    );
}
