/** How much room texts take in a picture, and which of them have room: a picture cannot ask the browser. */
import { textWidth } from "../printable.ts";

/** Of the letters of pictures, which are 12 or 13 pixels high, seldom more. */
const LETTER_WIDE = 6.9;
const LINE_HIGH = 14;

/** About how wide a text is, in pixels. */
export function widthOf(text: string): number {
  return LETTER_WIDE * textWidth(text);
}

/** The text, cut where it would be wider. */
export function cutText(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(letters.join("")) > width - LETTER_WIDE) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** A text that stands above the place `y`, from `x` on. */
export interface TextPlace {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Says of each place in turn whether it is free, and takes it then. */
export class TextRoom {
  readonly #taken: { readonly x: number; readonly y: number; readonly width: number }[] = [];

  take({ text, x, y }: TextPlace): boolean {
    const width = widthOf(text);
    const isFree = this.#taken.every((other) =>
      Math.abs(other.y - y) >= LINE_HIGH || other.x >= x + width || other.x + other.width <= x
    );
    if (isFree) this.#taken.push({ x, y, width });
    return isFree;
  }
}
