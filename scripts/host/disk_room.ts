/** How much room is left on a disk; part of the host, as it asks the system. */
import { statfs } from "node:fs/promises";

/** Free bytes on the disk of this file; null when the system does not say, or may not. */
export async function freeBytes(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}
