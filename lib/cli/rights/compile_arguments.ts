/** A single binary of a script: its rights are fixed when it is compiled, so they follow the settings of that moment. */
import type { Rights } from "./plan_rights.ts";
import { ENGINE_FLAGS } from "./script_table.ts";

/** What goes into a binary. */
export interface Binary {
  readonly rights: Rights;
  /** The script loads native code. */
  readonly isNative: boolean;
  /** Names in node_modules/.deno. */
  readonly packages: readonly string[];
}

/**
 * The arguments of `deno` that compile a script.
 *
 * The lists of the set that hold paths are all replaced: `deno compile` would fix them to this very folder. What the
 * binary holds it unpacks to a folder whose name nobody knows before, so it may read everywhere, and load native code
 * from everywhere when it needs any. Written and reached is only what the settings name.
 */
export function compileArguments(name: string, binary: Binary): readonly string[] {
  const { rights, isNative, packages } = binary;
  return [
    "compile",
    "--quiet",
    "--no-prompt",
    `-P=${name}`,
    "--allow-read",
    ...(isNative ? ["--allow-ffi"] : []),
    ...(rights.write.length === 0 ? [] : [`--allow-write=${rights.write.join(",")}`]),
    ...(rights.net.length === 0 ? [] : [`--allow-net=${rights.net.join(",")}`]),
    `--v8-flags=${ENGINE_FLAGS}`,
    ...packages.flatMap((folder) => unneededPaths(folder).flatMap((path) => ["--exclude", path])),
    // A worker is not found by following imports.
    ...(name === "process" ? ["--include", "lib/validate/validate_worker.ts"] : []),
    "--output",
    `dist/ratalake-${name}`,
    `scripts/${name}.ts`,
  ];
}

/** What the tests need and no script, with what these packages need themselves: 18 MB. `deno compile` takes all there is. */
export const TEST_PACKAGES: readonly string[] = [
  ...["axe-core", "entities", "marked", "parse5", "playwright-core", "saxes", "xmlchars", "yaml"],
];

/** polars comes for glibc and for musl, 110 MB each; Deno's own runtime needs glibc. */
function unneededPaths(folder: string): readonly string[] {
  const name = folder.slice(0, folder.lastIndexOf("@"));
  if (!name.endsWith("-musl") && !TEST_PACKAGES.includes(name)) return [];
  // A link would take its target in again.
  const links = [`node_modules/.deno/node_modules/${name}`, `node_modules/${name}`];
  return [`node_modules/.deno/${folder}/node_modules/${name}`, ...links];
}
