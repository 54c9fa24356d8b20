/** Packages that are loaded when they are first used: most of what a script does at its start, and `--help` in whole, needs none. */
import { createRequire } from "node:module";

// From the folder that has node_modules: no other is looked at, so no right to any other is needed.
const require = createRequire(new URL("../../deno.json", import.meta.url));

/** The module as an object whose every property is there; the first that is asked for loads it. */
export function loadLazily<Module extends object>(specifier: string): Module {
  let loaded: Module | undefined;
  const load = (): Module => loaded ??= require(specifier);
  return new Proxy({} as Module, {
    get: (_, name) => Reflect.get(load(), name),
    has: (_, name) => Reflect.has(load(), name),
  });
}
