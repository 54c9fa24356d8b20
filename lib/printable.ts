/** Text that people read: what comes from outside made harmless, and counts with their nouns. */

/** Options of {@linkcode printable}. */
interface PrintableOptions {
  /** Line feeds stay. */
  readonly keepLines?: boolean;
}

/** Text with its control characters spelled out, so that nothing from outside can move the cursor or fake a line. */
export function printable(text: string, { keepLines = false }: PrintableOptions = {}): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (control) => {
    if (keepLines && control === "\n") return control;
    if (control === "\n" || control === "\t") return " ";
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

const NUMBER = new Intl.NumberFormat("en");

/** A count with its noun: "1 batch", "1,234 batches". */
export function counted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 || count === 1n ? one : many}`;
}
