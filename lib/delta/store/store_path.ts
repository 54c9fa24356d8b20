/** Which paths a store accepts: those that stay below its root, in one spelling. */

/**
 * Throws unless a path stays below the root of its store.
 *
 * @throws {TypeError} naming the path
 */
export function assertStorePath(path: string): void {
  // A backslash is a separator on Windows, and NUL ends a path in native code.
  const bad = path === "" || /[\\\0]/.test(path) || /^[A-Za-z]:/.test(path) ||
    path.split("/").some(isBadPart);
  if (bad) {
    throw new TypeError(`Cannot use the path "${path}": it leaves the table, expected a path below its root`);
  }
}

/** Throws unless all paths with this prefix stay below the root; the last part may be any start of a name. */
export function assertStorePrefix(prefix: string): void {
  const slash = prefix.lastIndexOf("/");
  if (slash >= 0) assertStorePath(prefix.slice(0, slash));
}

/** Compares as `<` does: by UTF-16 code units, the same everywhere. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function isBadPart(part: string): boolean {
  return part === "" || part === "." || part === "..";
}
