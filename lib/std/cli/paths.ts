/** How {@linkcode setPath} treats a value that is already there. */
export interface SetPathOptions {
  /** Add to an array instead of replacing. */
  readonly collect?: boolean;
}

/** Sets `a.b.c` in nested objects and makes those that are missing. */
export function setPath(
  root: object,
  path: string,
  value: unknown,
  { collect = false }: SetPathOptions = {},
): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce(child, root);
  const present = Object.hasOwn(holder, last) ? Reflect.get(holder, last) : undefined;
  if (!collect) return put(holder, last, value);
  if (Array.isArray(present)) present.push(value);
  else put(holder, last, present ? [present, value] : [value]);
}

/** Whether `a.b.c` is there. */
export function hasPath(root: object, path: string): boolean {
  let at: unknown = root;
  for (const key of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) {
      return false;
    }
    at = Reflect.get(at, key);
  }
  return true;
}

function child(holder: object, key: string): object {
  const present: unknown = Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
  if (typeof present === "object" && present !== null) return present;
  const made = {};
  put(holder, key, made);
  return made;
}

// Not an assignment: `--__proto__.x=1` must make an own key and leave Object.prototype alone.
function put(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
