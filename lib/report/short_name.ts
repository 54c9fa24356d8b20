/** Names from outside have no end. */
import { printable } from "../printable.ts";

const LENGTH = 80;

/** A name from outside as a message can bear it: printable, and cut where it is endless. */
export function shortName(name: string): string {
  const characters = [...printable(name.slice(0, 4 * LENGTH))];
  return characters.length > LENGTH ? `${characters.slice(0, LENGTH - 1).join("")}…` : characters.join("");
}
