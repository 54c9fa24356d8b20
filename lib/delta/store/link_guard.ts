/** Keeps a store in a folder inside of it: links that leave it are refused, and so is what is no file. */
import { StoreError } from "../errors.ts";

/** What is known of a file that may be read. */
export interface SafeFile {
  readonly sizeBytes: number;
}

/** The system follows no more. */
const MAX_LINKS = 40;

/**
 * Looks at the paths of one folder before they are opened. A folder is looked at once, a file each time: one question to
 * the system, which answers it from memory.
 */
export class LinkGuard {
  readonly #folder: string;
  readonly #label: string;
  readonly #plainFolders = new Set<string>([""]);

  /** `folder` as the system is asked for it, `label` as users know it. */
  constructor(folder: string, label: string) {
    this.#folder = folder;
    this.#label = label;
  }

  /**
   * Throws unless the path below the root is a regular file that no link leads out of the root to.
   *
   * @throws {StoreError} naming what it is
   */
  checkFile(path: string): SafeFile {
    this.checkFolder(folderOf(path));
    let info = Deno.lstatSync(`${this.#folder}/${path}`);
    if (info.isSymlink) {
      this.#assertInside(path);
      info = Deno.statSync(`${this.#folder}/${path}`);
    }
    if (info.isFile) return { sizeBytes: info.size };
    throw this.#refuse(path, "NO_FILE", `it is ${kindOf(info)}, expected a regular file`);
  }

  /** Throws when a link on the way to a folder below the root leaves the root; a missing folder is none of its business. */
  checkFolder(folder: string): void {
    if (this.#plainFolders.has(folder)) return;
    this.checkFolder(folderOf(folder));
    if (isLink(`${this.#folder}/${folder}`)) this.#assertInside(folder);
    else if (this.#plainFolders.size < 100_000) this.#plainFolders.add(folder);
  }

  // Follows one link after the other by its text: asking for the real path would take the right to read the folders above.
  #assertInside(path: string): void {
    let rest = path.split("/");
    let done: string[] = [];
    for (let links = 0; rest.length > 0;) {
      const [next = "", ...more] = rest;
      rest = more;
      if (next === "" || next === ".") continue;
      if (next === "..") {
        if (done.pop() === undefined) throw this.#leaves(path);
        continue;
      }
      const place = [...done, next].join("/");
      if (!isLink(`${this.#folder}/${place}`)) {
        done.push(next);
        continue;
      }
      if (++links > MAX_LINKS) {
        throw this.#refuse(path, "NO_FILE", "its links lead in a circle, expected a file");
      }
      const target = Deno.readLinkSync(`${this.#folder}/${place}`);
      if (target.startsWith("/")) {
        if (!target.startsWith(`${this.#folder}/`)) throw this.#leaves(path);
        done = [];
        rest = [...target.slice(this.#folder.length + 1).split("/"), ...rest];
      } else rest = [...target.split("/"), ...rest];
    }
  }

  #leaves(path: string): StoreError {
    return this.#refuse(
      path,
      "OUTSIDE",
      "it is a link that leaves the table, expected a file of the table; put a copy in its place",
    );
  }

  #refuse(path: string, code: "OUTSIDE" | "NO_FILE", text: string): StoreError {
    const label = this.#label;
    return new StoreError(`Cannot use "${path}" in "${label}": ${text}`, { code, path }, { table: label });
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

function kindOf({ isDirectory, isFifo, isSocket }: Deno.FileInfo): string {
  if (isDirectory) return "a folder";
  if (isFifo) return "a pipe";
  return isSocket ? "a socket" : "a device";
}
