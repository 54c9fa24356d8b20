/** The file of `--out`: written beside and renamed at the end, so that a run that fails leaves what was there. */
import { systemFault, UsageError } from "../errors.ts";
import { openLocked } from "../locked_file.ts";

/** Where rows go. */
export interface Output {
  /** Writes all bytes; false when nobody reads any more. */
  readonly write: (bytes: Uint8Array) => Promise<boolean>;
  /** All is written: the file appears. */
  readonly finish: () => Promise<void>;
  /** Leaves what was there before. */
  readonly discard: () => Promise<void>;
}

/** True for the names of standard output, which is no file to be replaced. */
export function isStandardOutput(path: string): boolean {
  return ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].includes(path);
}

/**
 * Opens a file to be written whole. Links are followed; pipes and devices are written as they come, and so is a file
 * whose folder may not be written.
 *
 * @throws {UsageError} when it is a folder, or lies in a folder that is not there, or in one of a Delta table
 */
export async function openOutput(path: string): Promise<Output> {
  const found = await statOf(path);
  if (found?.isDirectory || path.endsWith("/")) throw wrongPlace(path, "a folder", "the name of a file");
  try {
    if (found !== undefined && !found.isFile) return streamTo(await Deno.open(path, { write: true }));
    const target = found === undefined ? path : await Deno.realPath(path);
    await assertNoTable(target, path);
    return await openBeside(target, { mode: found?.mode ?? undefined, asked: path });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (systemFault(error) === "missing right") return streamTo(await openPlain(path));
    if (systemFault(error) === null) throw error;
    throw wrongPlace(path, "no such folder", "a file in one that is there");
  }
}

/** Writes a file whole, as {@linkcode openOutput} does. */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  const output = await openOutput(path);
  try {
    await output.write(bytes);
  } catch (error) {
    await output.discard();
    throw error;
  }
  await output.finish();
}

// The name is fixed, so that the right to two files is enough, and what a killed process leaves the next one uses.
async function openBeside(
  target: string,
  { mode, asked }: { readonly mode: number | undefined; readonly asked: string },
): Promise<Output> {
  const temporary = `${target}.tmp`;
  const file = await openLocked(temporary);
  const discard = async () => {
    file.close();
    await Deno.remove(temporary).catch(() => {});
  };
  try {
    // Its folder may be a link, which only what lies in it can tell.
    await assertNoTable(await Deno.realPath(temporary), asked);
  } catch (error) {
    await discard();
    throw error;
  }
  await file.truncate();
  if (mode !== undefined) await Deno.chmod(temporary, mode & 0o777);
  const { write } = streamTo(file);
  return {
    write,
    finish: async () => {
      await file.sync();
      file.close();
      await Deno.rename(temporary, target);
    },
    discard,
  };
}

/** A file among those of a table would be taken for one that somebody forgot, and vacuumed; one of its log breaks the table. */
async function assertNoTable(place: string, asked: string): Promise<void> {
  const folders = place.split(/[\\/]/).slice(0, -1);
  for (let count = folders.length; count >= 0; count--) {
    const folder = count === 0
      ? (place.startsWith("/") ? "/" : ".")
      : folders.slice(0, count).join("/") || "/";
    if (folder.endsWith("/_delta_log") || await isFolder(`${folder}/_delta_log`)) {
      throw wrongPlace(asked, "the folder of a table", "a file elsewhere");
    }
  }
}

/** False also where it may not be looked at. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (systemFault(error) === null) throw error;
    return false;
  }
}

async function openPlain(path: string): Promise<Deno.FsFile> {
  return await Deno.open(path, { write: true, create: true, truncate: true });
}

/** A stream as it comes: what is written is written. One that is not ours stays open. */
export function streamTo(
  stream: Pick<Deno.FsFile, "write" | "close">,
  { isOurs = true }: { readonly isOurs?: boolean } = {},
): Output {
  const close = () => Promise.resolve(isOurs ? stream.close() : undefined);
  return {
    write: async (bytes) => {
      try {
        for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "EPIPE") return false;
        throw error;
      }
    },
    finish: close,
    discard: close,
  };
}

// Of the file that a link leads to; undefined when there is none.
async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (systemFault(error) === "not found") return undefined;
    if (systemFault(error) !== "no folder") throw error;
    throw wrongPlace(path, "a file where a folder should be", "a file in a folder that is there");
  }
}

function wrongPlace(path: string, found: string, expected: string): UsageError {
  return new UsageError([`Cannot use "--out": found ${found} at "${path}", expected ${expected}`]);
}
