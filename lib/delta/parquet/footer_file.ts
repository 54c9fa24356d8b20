/** The same as `footer.ts` for a file that native code has written to the disk. */
import { withoutArrowSchema } from "./footer.ts";
import { footerSpan } from "./read_footer.ts";

/** More than the footer of a table with hundreds of columns takes. */
const LIKELY_BYTES = 65_536;

/**
 * Takes the Arrow schema out of the footer of a Parquet file on the disk, which gets shorter by it; gives the end of the
 * file, with the whole footer.
 */
export function removeArrowSchema(path: string): Uint8Array {
  using file = Deno.openSync(path, { read: true, write: true });
  const { size } = file.statSync();
  const likely = readEnd(file, size, LIKELY_BYTES);
  const span = footerSpan(likely) ?? 0;
  const end = span > likely.length ? readEnd(file, size, span) : likely;
  const shorter = withoutArrowSchema(end);
  const start = size - end.length;
  file.seekSync(start, Deno.SeekMode.Start);
  for (let at = 0; at < shorter.length;) at += file.writeSync(shorter.subarray(at));
  file.truncateSync(start + shorter.length);
  return shorter;
}

function readEnd(file: Deno.FsFile, size: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.min(size, length));
  file.seekSync(size - bytes.length, Deno.SeekMode.Start);
  for (let at = 0; at < bytes.length;) at += file.readSync(bytes.subarray(at)) ?? bytes.length;
  return bytes;
}
