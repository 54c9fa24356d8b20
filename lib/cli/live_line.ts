/**
 * A line on the terminal that is overwritten as a run goes on.
 *
 * @module
 */

/** Where a {@linkcode LiveLine} is shown. */
export interface Terminal {
  /** False for files and pipes: then there is no live line. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 when not known. */
  readonly columns?: number;
  /** Writes text with its line ends, at once and in order. */
  readonly write: (text: string) => void;
}

const CLEAR_LINE = "\r\x1b[K";

/** One line at the foot of a terminal that is overwritten again and again, while whole lines go above it. */
export class LiveLine implements Disposable {
  readonly isTerminal: boolean;
  readonly #terminal: Terminal;
  #shown = "";

  constructor(terminal: Terminal) {
    this.isTerminal = terminal.isTerminal;
    this.#terminal = terminal;
  }

  /** Replaces the line, cut to the terminal's width. Does nothing where there is no terminal. */
  show(text: string): void {
    if (!this.isTerminal) return;
    this.#shown = text.slice(0, (this.#terminal.columns ?? 80) - 1);
    this.#terminal.write(CLEAR_LINE + this.#shown);
  }

  /** Writes text that ends with a line feed and puts the live line below it again. */
  writeAbove(text: string): void {
    this.#terminal.write(this.#shown === "" ? text : CLEAR_LINE + text + this.#shown);
  }

  /** Removes the line; a later `show` puts it there again. */
  clear(): void {
    if (this.#shown !== "") this.#terminal.write(CLEAR_LINE);
    this.#shown = "";
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
