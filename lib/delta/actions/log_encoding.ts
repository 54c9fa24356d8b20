/** Paths of data files: in the log they are URI-encoded once over the real file name. */

/** Encodes a real path for `add.path`. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeSegment).join("/");
}

/**
 * The real path of a file that the log names; decodes once.
 *
 * A path that is no valid encoding stands for itself: some writers forget to encode.
 * @throws {TypeError} when it is a URI of another place
 */
export function decodePath(path: string): string {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:|^\//.test(path)) {
    throw new TypeError(
      `Cannot use the data file "${path}": it is elsewhere, expected a path below the table`,
    );
  }
  return fileKey(path);
}

/** The same for two spellings of one path, so that a `remove` finds its `add`, whichever engines wrote them. */
export function fileKey(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

// "=" is legal in a path and keeps `date=2025-02-17` readable.
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll("%3D", "=");
}
