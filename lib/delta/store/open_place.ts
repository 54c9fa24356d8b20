/** Where a table is, as callers say it: the path of a folder, a file URL, or a store of their own. */
import { fileURLToPath } from "node:url";
import { LocalStore } from "./local_store.ts";
import type { Store } from "./store.ts";

/** A store, or the folder of a table: a path, or a `file:` URL. */
export type TablePlace = Store | string | URL;

/**
 * The store of a place; nothing is read yet.
 *
 * @throws {TypeError} when it is an address of another kind, such as "s3://..."
 */
export function openPlace(place: TablePlace): Store {
  if (typeof place !== "string" && !(place instanceof URL)) return place;
  const text = String(place);
  const [, scheme] = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text) ?? [];
  if (scheme === undefined) return new LocalStore(text);
  if (scheme.toLowerCase() === "file") return new LocalStore(fileURLToPath(text));
  throw new TypeError(
    `Cannot open the table "${
      text.replace(/\/\/[^/]*@/, "//")
    }": found an address with "${scheme}://", expected the ` +
      "path of a folder, or a store for it",
  );
}
