/** Paths as text, without node:path, whose loading takes longer than the rest of the launcher. */

/** The folder of a file: "." for a bare name. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "." : path.slice(0, slash) || "/";
}

/** True when the path leads into the folder, as far as their text shows; links are not followed. */
export function isInside(path: string, folder: string): boolean {
  const [inner, outer] = [segmentsOf(path), segmentsOf(folder)];
  return inner.length > outer.length && outer.every((name, at) => name === inner[at]) &&
    inner[outer.length] !== "..";
}

/** The path from the root of the file system. */
export function absolutePath(path: string, currentFolder: string): string {
  const [root = "/", ...names] = segmentsOf(path.startsWith("/") ? path : `${currentFolder}/${path}`);
  return root + names.join("/");
}

function segmentsOf(path: string): readonly string[] {
  const segments: string[] = path.startsWith("/") ? ["/"] : [];
  for (const name of path.split("/")) {
    const last = segments.at(-1);
    if (name === ".." && last !== undefined && last !== "..") {
      if (last !== "/") segments.pop();
    } else if (name !== "" && name !== ".") segments.push(name);
  }
  return segments;
}
