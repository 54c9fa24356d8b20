/** Keeps between runs of the benchmark what is costly to make, for as long as it would be made the same way. */
import { createHash } from "node:crypto";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Where everything of the benchmark lies, from the root of the repository. */
export const BENCH_FOLDER = "data_files/bench";

/** What to keep. */
export interface Cached {
  /** Of a folder below the cache. */
  readonly name: string;
  /** Files and folders of the repository, or texts, of which it is made; another content makes it anew. */
  readonly from: readonly string[];
  /** Fills the empty folder. */
  readonly make: (folder: string) => Promise<void>;
}

/** The folder with the content, made where it is missing, was made in part, or would be another now. */
export async function cachedFolder({ name, from, make }: Cached): Promise<string> {
  const folder = `${BENCH_FOLDER}/cache/${name}`;
  const mark = `${ROOT}${folder}.made`;
  const key = await fingerprintOf(from);
  if (await readIfThere(mark) === key) return folder;
  await removeIfThere(mark);
  await removeIfThere(`${ROOT}${folder}`);
  await Deno.mkdir(`${ROOT}${folder}`, { recursive: true });
  await make(folder);
  await Deno.writeTextFile(mark, key);
  return folder;
}

/** Names the content of files and folders of the repository; what is no file names itself. */
export async function fingerprintOf(from: readonly string[]): Promise<string> {
  const hash = createHash("sha1");
  for (const path of from) {
    for (const file of await filesOf(path)) hash.update(`${file}\n`).update(await Deno.readFile(ROOT + file));
    hash.update(`${path}\n`);
  }
  return hash.digest("hex");
}

/** Removes a file or a folder, also when it is not there. */
export async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  });
}

async function filesOf(path: string): Promise<readonly string[]> {
  const { isFile = false, isDirectory = false } = await Deno.stat(ROOT + path).catch(() =>
    ({}) as Deno.FileInfo
  );
  if (isFile) return [path];
  if (!isDirectory) return [];
  const entries = (await Array.fromAsync(Deno.readDir(ROOT + path))).map(({ name }) => `${path}/${name}`);
  return (await Promise.all(entries.sort().map(filesOf))).flat();
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}
