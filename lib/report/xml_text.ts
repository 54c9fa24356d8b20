/** XML 1.0 with nothing in it that a parser refuses. */
import { printable } from "../printable.ts";

/** Attributes by name, in the order of the output. */
type Attributes = Readonly<Record<string, string | number>>;

/** The lines of an element; what is inside is lines of elements, two blanks further in. */
export function xmlElement(
  name: string,
  attributes: Attributes,
  inside: readonly string[] = [],
): readonly string[] {
  const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(String(value))}"`).join(
    "",
  );
  if (inside.length === 0) return [`<${name}${head}/>`];
  return [`<${name}${head}>`, ...inside.map((line) => `  ${line}`), `</${name}>`];
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text of an attribute: characters that XML forbids, even as references, are spelled out. */
function xmlText(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
