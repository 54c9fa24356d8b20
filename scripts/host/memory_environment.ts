/** What the environment of a script says of its memory; part of the host. */
import { MEMORY_VARIABLE } from "../../lib/cli/rights/script_table.ts";

/** Bounds what the memory of a script is kept in, where nobody has set that. */
export function memoryEnvironment(): Readonly<Record<string, string>> {
  const { name, value } = MEMORY_VARIABLE;
  return Deno.env.get(name) === undefined ? { [name]: value } : {};
}
