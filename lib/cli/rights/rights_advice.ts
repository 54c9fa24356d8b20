/** What to do about a right that Deno has refused: a line to run, which has it. */
import { isInside } from "./paths.ts";
import { planRights, type Rights } from "./plan_rights.ts";
import { planStart, type StartCall } from "./plan_start.ts";
import { SCRIPTS } from "./script_table.ts";
import { shellLine } from "../../printable.ts";

/** A right that was missing: `read`, `write` or `net`, and of what. */
export interface MissingRight {
  readonly kind: string;
  readonly to: string;
}

/** Binaries that there is a task for. */
const COMPILED = ["fetch", "process", "report"];

/**
 * A command line that has the right; undefined when there is none to give.
 *
 * What the settings name, the task gives. What they do not name, such as a host that a server redirects to, is for the
 * user to allow: the line is the whole command with that right in addition.
 */
export function rightsAdvice(
  name: string,
  call: StartCall & { readonly isBinary: boolean },
  right: MissingRight,
): string | undefined {
  const entry = SCRIPTS[name];
  if (entry === undefined || !isKind(right.kind)) return undefined;
  const covered = planRights(entry, call, call)[right.kind].some((place) => covers(place, right));
  if (covered && call.isBinary) {
    return COMPILED.includes(name) ? shellLine(["deno", "task", `compile:${name}`, ...call.args]) : undefined;
  }
  if (covered) return shellLine(["deno", "task", name, ...call.args]);
  const { command, faults } = planStart(name, { ...call, also: { [right.kind]: [right.to] } });
  return faults.length > 0 || call.isBinary ? undefined : shellLine(["deno", ...command]);
}

function isKind(kind: string): kind is keyof Rights {
  return kind === "read" || kind === "write" || kind === "net";
}

function covers(place: string, { kind, to }: MissingRight): boolean {
  if (kind === "net") return place.toLowerCase() === to.toLowerCase() || place.startsWith(`${to}:`);
  return place === to || isInside(to, place);
}
