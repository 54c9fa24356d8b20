/** What the planning of rights asks of the disk. */
import { absolutePath, folderOf } from "./paths.ts";

/** The disk, as the launcher sees it. */
export interface Disk {
  readonly currentFolder: string;
  readonly isFolder: (path: string) => boolean;
  /** The path without symbolic links; undefined when nothing is there. */
  readonly realPath: (path: string) => string | undefined;
}

/** A disk on which everything is where it is named. */
export const PLAIN_DISK: Disk = { currentFolder: "/", isFolder: () => true, realPath: () => undefined };

/**
 * The place, and where it really is when it leads through a symbolic link: Deno compares paths as they are given, but
 * what it is asked of an open file it compares with the real path. What is not there yet will be in a folder that is.
 */
export function placesOf(path: string, disk: Disk): readonly string[] {
  const named = absolutePath(path, disk.currentFolder);
  const real = realPlace(named, disk);
  return real === undefined || real === named ? [path] : [path, real];
}

function realPlace(path: string, disk: Disk): string | undefined {
  const real = disk.realPath(path);
  const folder = folderOf(path);
  if (real !== undefined || folder === path) return real;
  const above = realPlace(folder, disk);
  return above === undefined
    ? undefined
    : `${above === "/" ? "" : above}${path.slice(path.lastIndexOf("/"))}`;
}
