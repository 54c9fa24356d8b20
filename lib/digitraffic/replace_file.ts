/** Replaces a small file so that a reader finds the old or the new text, whenever the process or the machine stops. */
import { systemFault } from "../errors.ts";
import { openLocked } from "../locked_file.ts";

/**
 * Writes `<path>.tmp`, syncs it and renames it over the file. Creates the folder when it is missing. A text that depends
 * on the old one is made by a function, which runs while nobody else may write.
 *
 * The name is fixed: a process needs the right to two files and no folder, and what a killed one leaves the next one
 * uses. Processes that write at once wait for each other. The mode of the file is what the umask says, as for the
 * tables and the broker's file: it holds nothing secret.
 */
export async function replaceFile(path: string, text: string | (() => Promise<string>)): Promise<void> {
  const temporary = `${path}.tmp`;
  using file = await openInFolder(temporary);
  try {
    await writeSynced(file, typeof text === "string" ? text : await text());
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary);
    throw error;
  }
}

async function writeSynced(file: Deno.FsFile, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  await file.truncate();
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}

async function openInFolder(path: string): Promise<Deno.FsFile> {
  try {
    return await openLocked(path);
  } catch (cause) {
    if (systemFault(cause) !== "not found") throw cause;
    await Deno.mkdir(path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || ".", { recursive: true });
    return await openLocked(path);
  }
}
