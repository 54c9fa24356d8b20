/** Rows of text in aligned columns. */
import { printable } from "../printable.ts";

/** Options of {@linkcode textGrid}. */
interface GridOptions {
  /** Wider cells are cut; by default none are. */
  readonly maxWidth?: number;
}

/** The head, a rule, and the rows; control characters are spelled out, cut cells end in "…". */
export function textGrid(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { maxWidth = Infinity }: GridOptions = {},
): string {
  const lines = [head, ...rows].map((row) => row.map((cell) => cut(cell, maxWidth)));
  const widths = head.map((_, column) =>
    lines.reduce((widest, line) => Math.max(widest, line[column]?.length ?? 0), 0)
  );
  const [first = "", ...rest] = lines.map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
  return [first, widths.map((width) => "-".repeat(width)).join("  "), ...rest].join("\n");
}

function cut(cell: string, maxWidth: number): string {
  const text = printable(cell);
  return text.length > maxWidth ? `${text.slice(0, maxWidth - 1)}…` : text;
}

/** "1.2 MB". */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}
