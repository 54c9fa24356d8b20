/** Texts cut to columns of a terminal. */
import { textWidth, widthOf } from "../printable.ts";

/** The text, cut to so many columns, with "…" as the last one where something is missing. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let [cut, left] = ["", width - 1];
  for (const character of text) {
    left -= widthOf(character);
    if (left < 0) break;
    cut += character;
  }
  return `${cut}…`;
}
