/** Small things that all pictures and pages write: coordinates, names from outside, words for ears alone. */
import { type Content, type Markup, markup } from "./markup.ts";

/** A coordinate: a tenth of a pixel is all that one sees. */
export function px(value: number): number {
  return Math.round(10 * value) / 10;
}

/** Text that may run from right to left does so alone. Longer than a line of a report it is cut. */
export function foreign(text: string): Markup {
  return markup`<bdi>${text.length > 200 ? `${text.slice(0, 199).toWellFormed()}…` : text}</bdi>`;
}

/** For ears alone. */
export function spoken(text: string): Markup {
  return markup`<span class="vh">${text}</span>`;
}

/** The line with its address as a link. */
export function linkedLine(line: string): Content {
  return line.split(/(https:\/\/[^\s;]+)/).map((part, at) =>
    at % 2 === 1 ? markup`<a rel="license" href="${part}">${part}</a>` : part
  );
}
