/** ZIP files made as they are read: nothing is held but what is being compressed. */
import { Zip, ZipDeflate } from "../../packages/fflate.ts";

/** A file of the archive, its text made part by part. */
export interface ZipMember {
  readonly name: string;
  /** Year, month from 1 and day that the archive names as its date. */
  readonly date: readonly [number, number, number];
  readonly parts: Iterable<string>;
}

/** The bytes of a ZIP file: members are deflated, and their sizes follow them, as they are not known before. */
export function* zipStream(
  members: Iterable<ZipMember>,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const encoder = new TextEncoder();
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  for (const { name, date: [year, month, day], parts } of members) {
    const file = new ZipDeflate(name);
    // The writer asks for the local time, so this is the same everywhere.
    file.mtime = new Date(year, month - 1, day);
    zip.add(file);
    for (const part of parts) {
      file.push(encoder.encode(part));
      yield* taken();
    }
    file.push(new Uint8Array(), true);
    yield* taken();
  }
  zip.end();
  yield* taken();

  function taken(): Iterable<Uint8Array<ArrayBuffer>> {
    const bytes = ready;
    ready = [];
    return bytes.map((each) => new Uint8Array(each));
  }
}
