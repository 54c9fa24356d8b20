/** Finds the recordings that names and patterns on the command line mean. */
import { systemFault, UsageError } from "../errors.ts";

/** How the names of recordings end: one array of trains, or one JSON value per line. */
const RECORDING = /\.(?:json|ndjson|jsonl)(?:\.gz)?$/i;

/** A file by what the system knows it by, whatever its names. */
type FileIdentity = Pick<Deno.FileInfo, "dev" | "ino">;

/**
 * The recordings that these names and patterns mean, each once, in order. `*` stands for any part of one name, so that
 * patterns work where no shell expands them; a pattern skips files that are no recordings by their name. `open` are
 * files that this process has open: reading one, by whatever name or link, would give up its locks.
 *
 * @throws {UsageError} With one fault for each name that matches nothing.
 */
export async function findRecordings(
  patterns: readonly string[],
  open: readonly string[] = [],
): Promise<readonly string[]> {
  const found = new Set<string>();
  const faults: string[] = [];
  for (const pattern of patterns) {
    const paths = await expand(pattern);
    if (typeof paths === "string") faults.push(`Cannot replay "${pattern}": ${paths}`);
    else for (const path of paths) found.add(path);
  }
  for (const path of await whichAre(open, found)) {
    faults.push(`Cannot replay "${path}": found the broker's own file, expected a recording`);
  }
  if (faults.length > 0) throw new UsageError(faults);
  return [...found];
}

/** The files, or what is wrong. */
async function expand(pattern: string): Promise<readonly string[] | string> {
  const kind = await kindOf(pattern);
  if (kind === "folder") {
    return `found a folder, expected files such as "${pattern.replace(/\/+$/, "")}/*.json"`;
  }
  if (kind === "file") {
    return RECORDING.test(pattern)
      ? [pattern]
      : "found another extension, expected .json, .ndjson or .jsonl, or these with .gz";
  }
  if (!pattern.includes("*")) return "found no such file";
  const matches = (await matchSegments(pattern)).filter((path) => RECORDING.test(path));
  return matches.length > 0
    ? matches
    : "found no file that matches and ends in .json, .ndjson, .jsonl or .gz";
}

/** Those of the paths that lead to one of these files. Looks at the files and opens none. */
async function whichAre(files: readonly string[], paths: ReadonlySet<string>): Promise<readonly string[]> {
  const wanted = (await Promise.all(files.map(identify))).filter((file) => file !== null);
  const own: string[] = [];
  for (const path of wanted.length === 0 ? [] : paths) {
    const found = await identify(path);
    if (wanted.some(({ dev, ino }) => ino !== null && ino === found?.ino && dev === found.dev)) {
      own.push(path);
    }
  }
  return own;
}

async function identify(path: string): Promise<FileIdentity | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    // Without the right to look at it there is none to open it.
    if (isAbsence(error) || systemFault(error) === "missing right") return null;
    throw error;
  }
}

async function kindOf(path: string): Promise<"file" | "folder" | null> {
  try {
    return (await Deno.stat(path)).isDirectory ? "folder" : "file";
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/** Goes down the pattern name by name; only names with a star need their folder read. */
async function matchSegments(pattern: string): Promise<readonly string[]> {
  const segments = pattern.split("/");
  let paths = [""];
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const next: string[] = [];
    for (const path of paths) {
      const names = segment.includes("*") ? await matchNames(path, { segment, isLast }) : [segment];
      for (const name of names) next.push(index === 0 ? name : `${path}/${name}`);
    }
    paths = next;
  }
  const kinds = await Promise.all(paths.map(kindOf));
  return paths.filter((_, index) => kinds[index] === "file");
}

async function matchNames(
  folder: string,
  options: { readonly segment: string; readonly isLast: boolean },
): Promise<readonly string[]> {
  const { segment, isLast } = options;
  const parts = segment.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  const name = new RegExp(`^${parts.join(".*")}$`, "su");
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder === "" ? (segment.startsWith("/") ? "/" : ".") : folder)) {
      // Hidden names are meant only when the pattern says so.
      const isHidden = entry.name.startsWith(".") && !segment.startsWith(".");
      if (!isHidden && name.test(entry.name) && (!isLast || !entry.isDirectory)) names.push(entry.name);
    }
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
  return names.sort();
}

function isAbsence(error: unknown): boolean {
  const fault = systemFault(error);
  return fault === "not found" || fault === "no folder";
}
