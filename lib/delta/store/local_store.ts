/** Tables in folders: atomic and durable with hard links and flushes. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { NotFoundError } from "../errors.ts";
import { assertByteRange, type ByteRange } from "./byte_range.ts";
import { LinkGuard } from "./link_guard.ts";
import { nameFile } from "./system_error.ts";
import type { ListOptions, Store, StoreEntry, StoreGuarantees } from "./store.ts";
import { assertStorePath, assertStorePrefix, compareText } from "./store_path.ts";

/**
 * A store in a folder of the local file system.
 *
 * A new file is written under a hidden temporary name in its own folder, flushed, then linked (never over another) or
 * renamed to its name, and the folder is flushed: after a power cut a commit names only files that are whole.
 * The file system must have hard links. Links that leave the folder are refused, and so is what is no regular file.
 * What the system refuses ends in a `StoreError` that names the file.
 */
export class LocalStore implements Store {
  readonly label: string;
  /** Known when the folder was given as an absolute path. */
  readonly root: string | undefined;
  /** All that a store can promise. */
  readonly guarantees: StoreGuarantees = {
    atomicPutIfAbsent: true,
    consistentListing: true,
    durable: true,
    // All but one: when the folder cannot be flushed after the link, the file is there.
    failedPutLeavesNothing: true,
  };
  readonly #root: string;
  readonly #guard: LinkGuard;
  #temporaryCount = 0;

  /** The folder need not exist; the first write makes it. */
  constructor(folder: string) {
    checkArguments("LocalStore", { folder }, { folder: KIND.text });
    this.root = folder.startsWith("/") ? folder.replace(/\/+$/, "") : undefined;
    this.label = folder;
    this.#root = folder.replace(/\/+$/, "") || "/";
    this.#guard = new LinkGuard(this.#root, folder);
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    const file = this.#resolve(path);
    if (range !== undefined) assertByteRange(range);
    try {
      const { sizeBytes } = this.#guard.checkFile(path);
      const isWhole = range === undefined || (range.offset === 0 && range.length >= sizeBytes);
      return isWhole ? await Deno.readFile(file) : await readRange(file, range);
    } catch (cause) {
      if (isMissing(cause)) throw new NotFoundError(path, this.label, { cause });
      throw nameFile(cause, { action: "read", path, label: this.label });
    }
  }

  async putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean> {
    return await this.#named("write", path, () => this.#link(path, bytes));
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    await this.#named("write", path, () => this.#replace(path, (file) => writeAll(file, bytes)));
  }

  async putWritten(path: string, write: (place: string) => void | Promise<void>): Promise<number> {
    let sizeBytes = 0;
    await this.#named("write", path, () =>
      this.#replace(path, async (file, place) => {
        await write(plainPlace(place));
        sizeBytes = (await file.stat()).size;
      }));
    return sizeBytes;
  }

  async #link(path: string, bytes: Uint8Array): Promise<boolean> {
    const target = this.#resolve(path);
    this.#guard.checkFolder(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
    const temporary = await this.#writeTemporary(target, (file) => writeAll(file, bytes));
    try {
      await Deno.link(temporary, target);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw error;
    } finally {
      await removeIfThere(temporary);
    }
    await syncFolder(folderOf(target));
    return true;
  }

  async #replace(path: string, fill: Fill): Promise<void> {
    const target = this.#resolve(path);
    this.#guard.checkFolder(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
    const temporary = await this.#writeTemporary(target, fill);
    try {
      await Deno.rename(temporary, target);
    } catch (error) {
      await removeIfThere(temporary);
      throw error;
    }
    await syncFolder(folderOf(target));
  }

  async list(prefix: string, options: ListOptions = {}): Promise<readonly StoreEntry[]> {
    assertStorePrefix(prefix);
    return await this.#named("list", prefix, () => this.#list(prefix, options));
  }

  #list(prefix: string, options: ListOptions): readonly StoreEntry[] {
    const folder = prefix.slice(0, Math.max(0, prefix.lastIndexOf("/")));
    this.#guard.checkFolder(folder);
    const paths: string[] = [];
    this.#listBelow(folder === "" ? "" : `${folder}/`, { prefix, ...options }, paths);
    return paths.sort(compareText).flatMap((path) => this.#stat(path) ?? []);
  }

  async remove(path: string): Promise<void> {
    await this.#named("remove", path, () => removeIfThere(this.#resolve(path)));
  }

  async #named<T>(action: "write" | "list" | "remove", path: string, act: () => T | Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw nameFile(error, { action, path, label: this.label });
    }
  }

  #resolve(path: string): string {
    assertStorePath(path);
    return `${this.#root}/${path}`;
  }

  // The log of a busy table has ten thousands of names: they are compared without the folder that they share.
  #listBelow(folder: string, wanted: Wanted, paths: string[]): void {
    const { prefix, startAfter = "", forRemoval = false } = wanted;
    const start = prefix.slice(folder.length);
    const isAfter = startAfter.startsWith(folder);
    if (!isAfter && startAfter > folder) return;
    const after = isAfter ? startAfter.slice(folder.length) : "";
    for (const { name, isDirectory, isSymlink } of readFolder(`${this.#root}/${folder}`)) {
      if (isDirectory) {
        if (`${name}/`.startsWith(start) || start.startsWith(`${name}/`)) {
          this.#listBelow(`${folder}${name}/`, wanted, paths);
        }
      } else if (name > after && name.startsWith(start) && !(forRemoval ? isSymlink : isTemporary(name))) {
        paths.push(folder + name);
      }
    }
  }

  // Thousands of files are looked up at a time: a promise for each costs eight times as much as the answer.
  #stat(path: string): StoreEntry | undefined {
    try {
      const { isFile, size, mtime } = Deno.statSync(`${this.#root}/${path}`);
      return isFile ? { path, sizeBytes: size, modifiedMs: mtime?.getTime() ?? 0 } : undefined;
    } catch (error) {
      // Another process may remove a file between the listing and this line.
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  async #writeTemporary(target: string, fill: Fill): Promise<string> {
    await makeFolder(folderOf(target));
    const { file, path } = await this.#openTemporary(target);
    try {
      using _ = file;
      await fill(file, path);
      await file.sync();
    } catch (error) {
      await removeIfThere(path);
      throw error;
    }
    return path;
  }

  // A name left by a process that died, or used by another that is alive, is skipped.
  async #openTemporary(target: string): Promise<{ readonly file: Deno.FsFile; readonly path: string }> {
    const slash = target.lastIndexOf("/");
    while (true) {
      const path = `${target.slice(0, slash)}/.${target.slice(slash + 1)}.${Deno.pid}-${this
        .#temporaryCount++}.tmp`;
      try {
        return { file: await Deno.open(path, { write: true, createNew: true }), path };
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
  }
}

/** What a listing is of. */
interface Wanted extends ListOptions {
  readonly prefix: string;
}

/** Fills a new file, by its handle or by its path. */
type Fill = (file: Deno.FsFile, path: string) => Promise<void>;

// Native code takes "~" for the home folder, and "file:" or "s3:" for an address, but only at the beginning.
function plainPlace(path: string): string {
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path) ? path : `./${path}`;
}

// Below a file, where a folder was expected, there is no file either.
function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

function isTemporary(name: string): boolean {
  return name.startsWith(".") && name.endsWith(".tmp");
}

// A promise for each name costs five times as much as the name.
function readFolder(folder: string): Iterable<Deno.DirEntry> {
  try {
    return Deno.readDirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readRange(path: string, { offset, length }: ByteRange): Promise<Uint8Array> {
  using file = await Deno.open(path, { read: true });
  const { size } = await file.stat();
  const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
  // The system seeks no further than a file can ever be.
  if (bytes.length > 0) await file.seek(offset, Deno.SeekMode.Start);
  for (let start = 0; start < bytes.length;) {
    const count = await file.read(bytes.subarray(start));
    // Cut short by another process in between; no file of a table is.
    if (count === null) return bytes.slice(0, start);
    start += count;
  }
  return bytes;
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length;) start += await file.write(bytes.subarray(start));
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

// Each new folder is an entry of the one above it, which has to reach the disk too.
async function makeFolder(folder: string): Promise<void> {
  if (isFolder(folder)) return;
  const parent = folderOf(folder);
  const isRelativeTop = !folder.includes("/");
  if (!isRelativeTop) await makeFolder(parent);
  try {
    await Deno.mkdir(folder);
  } catch (error) {
    // A folder above was not to be seen, and is not there.
    if (error instanceof Deno.errors.NotFound) await Deno.mkdir(folder, { recursive: true });
    else if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  await syncFolder(isRelativeTop ? "." : parent);
}

// What the system answers from its memory takes less time than a promise; what the disk's journal may hold up does not.
function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // A folder above what this process may see was there before it.
    if (error instanceof Deno.errors.NotCapable) return true;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder, and flushes folder entries by itself.
  if (Deno.build.os === "windows") return;
  try {
    using file = Deno.openSync(folder, { read: true });
    await file.sync();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}
