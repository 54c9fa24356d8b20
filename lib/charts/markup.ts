/** HTML that nothing breaks out of: what is put into a template is text, unless a template has made it. */
import { printable } from "../printable.ts";

/** A piece of HTML. Nothing but a template makes one. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The template tag: values become text or, in quotes, the text of an attribute; markup stays, lists are joined. */
  static of(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
    return new Markup(
      parts.reduce((text, part, at) => {
        // Without quotes a blank in a value would begin the next attribute.
        if (parts[at - 1]?.endsWith("=") ?? false) {
          throw new TypeError("Cannot write an attribute: found no quotes, expected them");
        }
        return text + Markup.#written(values[at - 1] ?? null) + part;
      }),
    );
  }

  static #written(value: Content): string {
    if (value === null) return "";
    if (value instanceof Markup) return value.#text;
    if (typeof value === "object") return value.map((each) => Markup.#written(each)).join("");
    return escaped(String(value));
  }

  /** The HTML. */
  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template; null is nothing. */
export type Content = Markup | string | number | null | readonly Content[];

/** `markup` makes Markup of a template. */
export const markup = Markup.of;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "");
}
