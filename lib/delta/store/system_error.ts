/** What the file system says, as errors that name the file and say what to do. */
import { DeltaError, StoreError, type StoreFault } from "../errors.ts";

/** What was tried with which file of which store. */
interface Attempt {
  readonly action: "read" | "write" | "list" | "remove";
  /** Below the root of the store. */
  readonly path: string;
  readonly label: string;
}

/** The fault of each code of the system, with what was found and what is expected. */
const FAULTS: Readonly<Record<string, readonly [code: StoreFault, text: string]>> = {
  ENOSPC: ["DISK_FULL", "the disk is full, expected free space; free some and try again"],
  EDQUOT: ["DISK_FULL", "the quota of the disk is used up, expected free space; free some and try again"],
  EFBIG: ["DISK_FULL", "the file system takes no file of this size, expected a smaller one"],
  ENAMETOOLONG: [
    "NAME_TOO_LONG",
    "its name is too long for the file system, expected at most 255 bytes between two slashes; a value of a " +
    "partition column becomes the name of a folder, so shorten it or partition by another column",
  ],
  EACCES: ["NO_PERMISSION", "the system refuses it, expected the right to do so; check its owner and mode"],
  EPERM: ["NO_PERMISSION", "the system refuses it, expected the right to do so; check its owner and mode"],
  EROFS: ["NO_PERMISSION", "the file system is read-only, expected one that takes files"],
  ENOTDIR: ["NO_FOLDER", "a part of its path is a file, expected folders; move that file away"],
  EISDIR: ["NO_FILE", "it is a folder, expected a file"],
  ELOOP: ["NO_FILE", "its links lead in a circle, expected a file"],
  EMFILE: ["BUSY", "too many files are open, expected fewer; raise the limit of the process"],
  ENFILE: ["BUSY", "too many files are open on this system, expected fewer"],
  EIO: ["IO_ERROR", "the disk reports an I/O error, expected a working disk"],
};

/** The codes of Linux, for errors that give only their number. */
const CODES: Readonly<Record<string, string>> = { 5: "EIO", 28: "ENOSPC", 36: "ENAMETOOLONG", 122: "EDQUOT" };

/**
 * An error of the system as one that names the file. What is one already stays, and so does a missing right of the
 * program, which says itself which right it is.
 */
export function nameFile(error: unknown, { action, path, label }: Attempt): unknown {
  if (error instanceof DeltaError || !(error instanceof Error) || error.name === "NotCapable") return error;
  const systemCode = codeOf(error);
  if (systemCode === undefined) return error;
  const [code, text] = FAULTS[systemCode] ??
    ["IO_ERROR", `the system reports "${error.message}", expected it to work`] as const;
  return new StoreError(`Cannot ${action} "${path}" in "${label}": ${text}`, { code, path }, {
    cause: error,
    table: label,
  });
}

// Deno gives some of its errors a code, and others only a class.
function codeOf(error: Error): string | undefined {
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof Deno.errors.NotADirectory) return "ENOTDIR";
  if (error instanceof Deno.errors.IsADirectory) return "EISDIR";
  if (error instanceof Deno.errors.PermissionDenied) return "EACCES";
  if (error instanceof Deno.errors.FilesystemLoop) return "ELOOP";
  const number = /\(os error (\d+)\)/.exec(error.message)?.[1];
  return number === undefined ? undefined : CODES[number] ?? "UNKNOWN";
}
