/** A store in front of another, with a gate before and after each operation. */

import type { ByteRange } from "../../lib/delta/store/byte_range.ts";
import type { ListOptions, Store, StoreEntry } from "../../lib/delta/store/store.ts";

/** Where an operation stands. */
export interface GateMoment {
  readonly operation: "read" | "putIfAbsent" | "put" | "list" | "remove";
  readonly path: string;
  readonly when: "before" | "after";
}

/** May wait, or throw: before the operation, or after it took effect. */
export type Gate = (moment: GateMoment) => void | Promise<void>;

/** Guards all operations of a store. */
export function gatedStore(store: Store, gate: Gate): Store {
  async function pass<T>(
    operation: GateMoment["operation"],
    path: string,
    act: () => Promise<T>,
  ): Promise<T> {
    await gate({ operation, path, when: "before" });
    const result = await act();
    await gate({ operation, path, when: "after" });
    return result;
  }
  return {
    label: store.label,
    guarantees: store.guarantees,
    read: (path: string, range?: ByteRange): Promise<Uint8Array> =>
      pass("read", path, () => store.read(path, range)),
    putIfAbsent: (path: string, bytes: Uint8Array) =>
      pass("putIfAbsent", path, () => store.putIfAbsent(path, bytes)),
    put: (path: string, bytes: Uint8Array) => pass("put", path, () => store.put(path, bytes)),
    list: (prefix: string, options?: ListOptions): Promise<readonly StoreEntry[]> =>
      pass("list", prefix, () => store.list(prefix, options)),
    remove: (path: string) => pass("remove", path, () => store.remove(path)),
  };
}
