/** How much room texts take in a picture, and which of them have room: a picture cannot ask the browser. */
import { textWidth } from "../printable.ts";

/** Of the letters of pictures, which are 12 or 13 pixels high, seldom more: "other commuter" takes 7.6 each. */
const LETTER_WIDE = 7.5, STRONG_WIDE = 8.2;
const LINE_HIGH = 14, GAP = 5;

/** About how wide a text is, in pixels. */
export function widthOf(text: string, { isStrong = false }: { readonly isStrong?: boolean } = {}): number {
  return (isStrong ? STRONG_WIDE : LETTER_WIDE) * textWidth(text);
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
  readonly isStrong?: boolean;
}

/** Says of each place in turn whether it is free, and takes it then. */
export class TextRoom {
  readonly #taken: { readonly x: number; readonly y: number; readonly width: number }[] = [];

  take({ text, x, y, isStrong = false }: TextPlace): boolean {
    const width = widthOf(text, { isStrong }) + GAP;
    const isFree = this.#taken.every((other) =>
      Math.abs(other.y - y) >= LINE_HIGH || other.x >= x + width || other.x + other.width <= x
    );
    if (isFree) this.#taken.push({ x, y, width });
    return isFree;
  }
}
