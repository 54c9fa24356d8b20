/** What all parts of a page for the terminal are made with: colours, headings, columns of characters. */
import { styleText } from "node:util";
import { foldLine } from "../printable.ts";
import type { BarStyle } from "./bars.ts";

/** How the page looks. */
export interface TextOptions {
  /** Colours only where a person reads. */
  readonly colour: boolean;
  /** Default: blocks. */
  readonly bars?: BarStyle;
  /** Adds to the commands that a text advises what they need to lead to these tables; default: nothing. */
  readonly completeCommands?: (text: string) => string;
}

type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

const WIDTH = 80;

/** The pen of one page. */
export class TextPage {
  readonly bars: BarStyle;
  readonly #colour: boolean;
  readonly #complete: (text: string) => string;

  constructor({ colour, bars = "blocks", completeCommands = (text) => text }: TextOptions) {
    this.#colour = colour;
    this.#complete = completeCommands;
    this.bars = bars;
  }

  /** The text in a style, where there are colours. */
  paint(style: Style, text: string): string {
    return this.#colour ? styleText(style, text, { validateStream: false }) : text;
  }

  /** A heading above what belongs to it. */
  section(title: string, lines: readonly string[]): string {
    const trimmed = lines.map((line) => line.split("\n").map((part) => part.trimEnd()).join("\n"));
    return [this.paint("bold", title), ...trimmed.map((line) => this.fold(line))].join("\n");
  }

  /** A sentence on as many lines as it needs, each as wide as the page at most where its words allow. */
  fold(sentence: string): string {
    const text = this.#complete(sentence);
    // Tables have lines of their own, and are taken as they are.
    return text.includes("\n") || text.startsWith("  ") ? text : foldLine(text, { columns: WIDTH });
  }

  /** Cells side by side, one blank between them; a width below 0 is from the right. Texts that are longer stay whole. */
  columns(cells: readonly (readonly [text: string, width: number])[]): string {
    return cells.map(([text, width]) => width < 0 ? text.padStart(-width) : text.padEnd(width)).join(" ");
  }
}
