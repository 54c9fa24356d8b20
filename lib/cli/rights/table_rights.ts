/** The rights of `deno task table`: its table's folder, to be written only by a verb that changes it. */
import type { Places } from "./read_places.ts";

/** The verbs that change the table. */
export const WRITING_VERBS: readonly string[] = ["checkpoint", "optimize", "restore", "vacuum"];

/** Reads the folder; writes it for a verb that changes it; writes the file of `--out` and the one it is made from. */
export function tableRights(
  { positionals: [verb = "", path], flag, isOn }: Places,
): { readonly read: readonly string[]; readonly write: readonly string[] } {
  const folder = path === undefined || path === "" ? [] : [path];
  const out = flag("out");
  const files = out === undefined ? [] : [out, `${out}.tmp`];
  const changes = WRITING_VERBS.includes(verb) && !isOn("dry-run");
  return {
    // What is there is looked at first: a folder is refused, a link followed.
    read: [...folder, ...files],
    write: [...(changes ? folder : []), ...files],
  };
}
