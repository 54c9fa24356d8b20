import type { Names, ParseOptions } from "./parse_options.ts";

/** The options of one call in the form the parser asks them. */
export interface FlagTable {
  readonly allBooleans: boolean;
  readonly booleans: ReadonlySet<string>;
  readonly strings: ReadonlySet<string>;
  readonly collects: ReadonlySet<string>;
  readonly negatables: ReadonlySet<string>;
  /** Each name of a flag to its other names. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly unknown: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Brings options into lookup form; what holds for a flag holds for its aliases. */
export function readFlagTable(options: ParseOptions): FlagTable {
  const aliases = readAliases(options.alias ?? {});
  const withAliases = (names: Names | undefined) =>
    new Set(
      list(names).flatMap((name) => [name, ...(aliases.get(name) ?? [])]),
    );
  return {
    allBooleans: options.boolean === true,
    booleans: withAliases(
      typeof options.boolean === "boolean" ? undefined : options.boolean,
    ),
    strings: withAliases(options.string),
    collects: withAliases(options.collect),
    negatables: withAliases(options.negatable),
    aliases,
    unknown: options.unknown ?? (() => true),
  };
}

function readAliases(
  alias: Readonly<Record<string, Names>>,
): Map<string, readonly string[]> {
  const aliases = new Map<string, readonly string[]>();
  for (const [key, names] of Object.entries(alias)) {
    const all = [key, ...list(names)];
    for (const name of all) {
      aliases.set(
        name,
        all.filter((other) => other !== name),
      );
    }
  }
  return aliases;
}

function list(names: Names | undefined): readonly string[] {
  const all = typeof names === "string" ? [names] : names ?? [];
  return all.filter((name) => name !== "");
}
