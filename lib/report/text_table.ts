/** Tables, ages and sizes as text for a terminal. */
import { grouped, textWidth } from "../printable.ts";

/** A table without frame lines: columns two blanks apart, numbers to the right. */
export function textTable(head: readonly string[]): TextTable {
  return new TextTable(head);
}

/** Rows of cells, which may have colours. */
export class TextTable {
  readonly #head: readonly string[];
  readonly #rows: (readonly string[])[] = [];

  constructor(head: readonly string[]) {
    this.#head = head;
  }

  /** How many rows there are. */
  get length(): number {
    return this.#rows.length;
  }

  push(cells: readonly (string | number)[]): void {
    this.#rows.push(cells.map(String));
  }

  toString(): string {
    const lines = [this.#head, ...this.#rows];
    const widths = this.#head.map((_, at) =>
      lines.reduce((most, cells) => Math.max(most, textWidth(cells[at] ?? "")), 0)
    );
    return lines.map((cells) =>
      widths.map((width, at) => {
        const cell = cells[at] ?? "", blanks = " ".repeat(width - textWidth(cell));
        return NUMERIC.has(this.#head[at] ?? "") ? blanks + cell : cell + blanks;
      }).join("  ")
    ).join("\n");
  }
}

const NUMERIC = new Set([
  "waiting",
  "landed",
  "expired",
  "gaps",
  "unmerged",
  "left",
  "right",
  "row",
  "then",
  "now",
  "change",
  "trains",
  "stops",
  "score",
  "diff",
  "absent",
  "empty",
  "count",
  "messages",
  "times seen",
  "version",
  "files",
  "rows",
  "size",
]);

/** Bytes as a person says them. */
export function formatSize(bytes: number): string {
  if (bytes < 1e4) return `${grouped(bytes)} B`;
  return bytes < 1e7 ? `${grouped(Math.round(bytes / 1e3))} kB` : `${grouped(Math.round(bytes / 1e6))} MB`;
}
