/** Answers what a Deno that runs elsewhere asks of its rights (its permission broker), by a permission set of deno.json. */
import { isInside } from "./paths.ts";

/** A line that Deno writes; what it asks for is whole when there is no value. */
export interface PermissionRequest {
  readonly id: number;
  readonly permission: string;
  readonly value: unknown;
}

/** Rights by their kind; a notebook's kernel has no more of them than lists. */
export type GrantedLists = Readonly<Record<string, readonly string[]>>;

/** The sockets that a kernel opens for Jupyter before the first cell runs. */
const KERNEL_SOCKETS = 5;
const PATHS: ReadonlySet<string> = new Set(["read", "write", "ffi"]);

/**
 * The answers for one process. Paths are absolute, and allowed with all that is in them; relative ones are refused, since
 * nobody here knows where that process is. `net` is for the kernel's own sockets alone, the first five.
 */
export function grantRequests(sets: GrantedLists): (request: PermissionRequest) => boolean {
  let sockets = 0;
  return ({ permission, value }) => {
    const granted = Object.hasOwn(sets, permission) ? sets[permission] ?? [] : [];
    if (typeof value !== "string") return false;
    if (permission === "net") {
      const [host = ""] = value.split(/:\d+$/);
      return granted.includes(host) && ++sockets <= KERNEL_SOCKETS;
    }
    if (!PATHS.has(permission)) return granted.includes(value);
    // A folder is inside of itself when a file of it would be.
    return value.startsWith("/") && granted.some((path) => isInside(`${value}/file`, path));
  };
}
