/** What a power cut would leave of a local table: a naive model of a disk watches what reaches it, and in which order. */
import { assert, assertEquals } from "@std/assert";
import {
  checkpointTable,
  createTable,
  deleteRows,
  LocalStore,
  optimizeTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { testContext } from "../test_context.ts";
import "../../load_packages.ts";

const FILES = { read: true, write: true } as const;
const bytes = new TextEncoder().encode("some bytes");

Deno.test({
  name: "a new file is written, flushed, named, and then its folder is flushed; put and putIfAbsent alike",
  permissions: FILES,
  fn: () =>
    withDisk(async (folder, disk) => {
      const store = new LocalStore(folder);
      await store.putIfAbsent("file", bytes);
      assertEquals(disk.takeSteps(), ["write tmp", "flush tmp", "name file", "remove tmp", "flush ."]);
      await store.put("file", bytes);
      assertEquals(disk.takeSteps(), ["write tmp", "flush tmp", "name file", "flush ."]);
      await store.putIfAbsent("new/folder/file", bytes);
      assertEquals(disk.takeSteps().slice(0, 4), ["make new", "flush .", "make new/folder", "flush new"]);
    }),
});

Deno.test({
  name: "at no moment does the log name a file that a power cut could take, and what was answered stays",
  permissions: FILES,
  fn: () =>
    withDisk(async (folder, disk) => {
      const schema = tableSchema({ part: "string", id: "long" });
      const store = new LocalStore(`${folder}/zone/table`);
      const table = await createTable(store, { schema, partitionColumns: ["part"] }, testContext());
      for (const id of [1n, 2n, 3n]) {
        const adds = await Promise.all(
          ["a", "b"].map((part) => table.stageRows([{ id }], { partitionValues: { part } })),
        );
        const { snapshot } = table;
        await table.commit({ readSnapshot: snapshot, operation: "WRITE", adds, reads: "none" });
        assert(disk.isSafe(`${folder}/zone/table/_delta_log/${String(id).padStart(20, "0")}.json`));
      }
      await deleteRows(table, { kind: "compare", column: ["id"], operator: "=", value: 2n });
      await optimizeTable(table);
      await checkpointTable(table);
      for (const name of ["00000000000000000005.json", "_last_checkpoint"]) {
        assert(disk.isSafe(`${folder}/zone/table/_delta_log/${name}`), name);
      }
      assertEquals([disk.commits, disk.unsafe], [6, []]);
    }),
});

/**
 * Bytes are safe when their file was flushed after the last write; a name is safe when its folder was flushed after it
 * was given, and the name of that folder is safe too.
 */
class Disk {
  /** Commits that were named. */
  commits = 0;
  /** Names that came to stand for what was not safe at that moment. */
  readonly unsafe: string[] = [];
  readonly #root: string;
  readonly #flushed = new Set<string>();
  readonly #names = new Map<string, "given" | "safe">();
  #steps: string[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  takeSteps(): readonly string[] {
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  isSafe(path: string): boolean {
    return path === this.#root || (this.#names.get(path) === "safe" && this.isSafe(folderOf(path)));
  }

  written(path: string): void {
    this.#flushed.delete(path);
    this.#step("write", path);
  }

  flushed(path: string): void {
    this.#flushed.add(path);
    for (const name of this.#names.keys()) if (folderOf(name) === path) this.#names.set(name, "safe");
    this.#step("flush", path);
  }

  made(folder: string): void {
    this.#names.set(folder, "given");
    this.#step("make", folder);
  }

  removed(path: string): void {
    this.#names.delete(path);
    this.#step("remove", path);
  }

  async named(from: string, to: string): Promise<void> {
    this.#step("name", to);
    this.#names.set(to, "given");
    if (!this.#flushed.has(from)) this.unsafe.push(to);
    if (!/\/\d{20}\.json$/.test(to)) return;
    this.commits++;
    const lines = (await Deno.readTextFile(from)).trim().split("\n").map((line) => JSON.parse(line));
    const files = lines.flatMap(({ add }) => add === undefined ? [] : [decodeURIComponent(add.path)]);
    const places = files.map((path) => `${folderOf(folderOf(to))}/${path}`);
    this.unsafe.push(...places.filter((place) => !this.isSafe(place)));
  }

  #step(action: string, path: string): void {
    const place = path === this.#root ? "." : path.slice(this.#root.length + 1);
    this.#steps.push(`${action} ${place.endsWith(".tmp") ? "tmp" : place}`);
  }
}

/** Lets a disk watch all that is done to files, in a folder of its own. */
async function withDisk(use: (folder: string, disk: Disk) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const disk = new Disk(folder);
  const restore = watch(disk);
  try {
    await use(folder, disk);
  } finally {
    restore();
    await Deno.remove(folder, { recursive: true });
  }
}

function watch(disk: Disk): () => void {
  const { open, openSync, link, rename, mkdir, remove } = Deno;
  const { write, sync } = Deno.FsFile.prototype;
  const places = new WeakMap<Deno.FsFile, string>();
  Deno.open = async (path, options) => {
    const file = await open(path, options);
    places.set(file, String(path));
    return file;
  };
  // Folders are opened at once.
  Deno.openSync = (path, options) => {
    const file = openSync(path, options);
    places.set(file, String(path));
    return file;
  };
  Deno.FsFile.prototype.write = async function (part) {
    const count = await write.call(this, part);
    disk.written(places.get(this) ?? "");
    return count;
  };
  Deno.FsFile.prototype.sync = async function () {
    await sync.call(this);
    disk.flushed(places.get(this) ?? "");
  };
  Deno.link = async (from, to) => {
    await disk.named(String(from), String(to));
    await link(from, to);
  };
  Deno.rename = async (from, to) => {
    await disk.named(String(from), String(to));
    await rename(from, to);
  };
  Deno.mkdir = async (path, options) => {
    await mkdir(path, options);
    disk.made(String(path));
  };
  Deno.remove = async (path, options) => {
    await remove(path, options);
    disk.removed(String(path));
  };
  return () => {
    Object.assign(Deno, { open, openSync, link, rename, mkdir, remove });
    Object.assign(Deno.FsFile.prototype, { write, sync });
  };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
