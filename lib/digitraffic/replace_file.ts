/** Replaces a small file so that a reader finds the old or the new text, whenever the process or the machine stops. */
import { systemFault } from "../errors.ts";

/**
 * Writes `<path>.tmp`, syncs it and renames it over the file. Creates the folder when it is missing.
 *
 * The name is fixed: a process needs the right to two files and no folder, and what a killed one leaves the next one
 * uses. Processes that write at once wait for each other. The mode of the file is what the umask says, as for the
 * tables and the broker's file: it holds nothing secret.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  using file = await openLocked(temporary);
  try {
    await writeSynced(file, text);
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

async function openLocked(path: string): Promise<Deno.FsFile> {
  while (true) {
    const file = await openOrCreate(path);
    try {
      await file.lock(true);
      // Whoever had it before has renamed it: then this is the finished file of somebody else.
      if (await isAt(path, file)) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
}

async function openOrCreate(path: string): Promise<Deno.FsFile> {
  const options = { read: true, write: true, create: true };
  try {
    return await Deno.open(path, options);
  } catch (cause) {
    if (systemFault(cause) !== "not found") throw cause;
    await Deno.mkdir(path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || ".", { recursive: true });
    return await Deno.open(path, options);
  }
}

async function isAt(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    const [there, here] = await Promise.all([Deno.stat(path), file.stat()]);
    return there.ino === here.ino && there.dev === here.dev;
  } catch (cause) {
    if (systemFault(cause) !== "not found") throw cause;
    return false;
  }
}
