/** Checks a Parquet file that belongs to a log before anything is read of it: a few kilobytes may stand for gigabytes. */
import { checkFooter } from "./check_footer.ts";
import { decodedSizes } from "./decoded_size.ts";
import type { FooterFacts } from "./footer_facts.ts";

/** Every action names something that no other does: so many of them do not fit into a byte. */
const MAX_ROWS_PER_BYTE = 4;
/** No compression of paths and statistics saves more. */
const MAX_RATIO = 500;
/** Files that stay below both are read whatever they say of themselves. */
const HARMLESS_ROWS = 1_000_000;
const HARMLESS_BYTES = 2 ** 29;

/**
 * Throws unless the structure of the file is that of a Parquet file, and what it says of its size can be believed.
 *
 * @throws {Error} naming what is wrong
 */
export function checkLogFile(bytes: Uint8Array): FooterFacts {
  const facts = checkFooter(bytes);
  const sizes = decodedSizes(facts, undefined, HARMLESS_BYTES);
  const rows = sizes.reduce((sum, size) => sum + size.rows, 0);
  if (rows > Math.max(HARMLESS_ROWS, MAX_ROWS_PER_BYTE * bytes.length)) {
    throw new RangeError(
      `found ${rows} actions in ${bytes.length} bytes, expected at most ${MAX_ROWS_PER_BYTE} in a byte`,
    );
  }
  const stored = sizes.reduce((sum, size) => sum + size.storedBytes, 0);
  if (stored > Math.max(HARMLESS_BYTES, MAX_RATIO * bytes.length)) {
    throw new RangeError(
      `found ${stored} bytes of actions in ${bytes.length} bytes, expected at most ${MAX_RATIO} times as many`,
    );
  }
  return facts;
}
