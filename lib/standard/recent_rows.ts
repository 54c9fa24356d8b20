/**
 * The rows of files that were written lately: a follower takes most of them apart again within a minute, and to decode a
 * file costs as much as to write it.
 */
import type { Add, Column, Columns } from "../delta/mod.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";

/** How much is remembered. */
export interface RecentRowsOptions {
  readonly maxBytes?: number;
}

/** A day of Finnish traffic takes some 15 MB. */
const MAX_BYTES = 32_000_000;
/** Of a word beside its characters. */
const WORD_BYTES = 32;

/** Rows by data file, as they would be read. Files never change, so what is remembered stays true. */
export class RecentRows {
  readonly #byPath = new Map<string, { readonly columns: Columns; readonly bytes: number }>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor({ maxBytes = MAX_BYTES }: RecentRowsOptions = {}) {
    this.#maxBytes = maxBytes;
  }

  /** About so many bytes are remembered. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** Gives the rows of a file, and forgets them: who asks replaces the file. */
  take({ path, deletionVector }: Add): Columns | undefined {
    const found = this.#byPath.get(path);
    if (found === undefined) return undefined;
    this.#byPath.delete(path);
    this.#bytes -= found.bytes;
    // Another engine has deleted rows of it since.
    return deletionVector === undefined ? found.columns : undefined;
  }

  /** Remembers what was written to a file; the oldest are forgotten where there is no room. */
  remember({ path }: Add, { [STANDARD_PARTITION]: _, ...columns }: Columns): void {
    const bytes = Object.values(columns).reduce((sum, column) => sum + sizeOf(column), 0);
    if (bytes > this.#maxBytes / 4) return;
    this.#byPath.set(path, { columns, bytes });
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#byPath) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#byPath.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

function sizeOf(column: Column): number {
  const present = column.present?.byteLength ?? 0;
  switch (column.kind) {
    case "int32":
    case "boolean":
      return present + column.values.byteLength;
    case "int64":
      return present + column.halves.byteLength;
    case "bytes":
      return present + column.ends.byteLength + column.bytes.byteLength;
    case "words":
      return present + column.codes.byteLength +
        column.words.reduce((sum, { length }) => sum + WORD_BYTES + 2 * length, 0);
    case "list":
      return present + column.ends.byteLength + sizeOf(column.elements);
    case "struct":
      return Object.values(column.fields).reduce((sum, each) => sum + sizeOf(each), present);
  }
}
