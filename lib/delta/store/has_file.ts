/** Whether a file is there, of which nobody needs the bytes. */
import { NotFoundError } from "../errors.ts";
import type { Store } from "./store.ts";

/** Asks by reading: a store with late listings still knows its files by their names. */
export async function hasFile(store: Store, path: string): Promise<boolean> {
  try {
    await store.read(path, { offset: 0, length: 1 });
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
