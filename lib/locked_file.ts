/** A file with one fixed name that several processes write beside another one, in turns. */
import { systemFault } from "./errors.ts";

/**
 * Opens the file, created when it is missing, for this process alone: others wait for each other. It is the file of this
 * name when the lock is there: whoever had it before may have renamed it.
 */
export async function openLocked(path: string): Promise<Deno.FsFile> {
  while (true) {
    const file = await Deno.open(path, { read: true, write: true, create: true });
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

async function isAt(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    const [there, here] = await Promise.all([Deno.stat(path), file.stat()]);
    return there.ino === here.ino && there.dev === here.dev;
  } catch (cause) {
    if (systemFault(cause) !== "not found") throw cause;
    return false;
  }
}
