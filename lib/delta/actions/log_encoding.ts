/** Paths of data files: in the log they are URI-encoded once over the real file name. */

/**
 * Encodes a real path for `add.path`, as delta-rs spells it when it removes the file: engines compare spellings, so a
 * remove in another one would miss its add.
 */
export function encodePath(path: string): string {
  const segments = path.split("/").map(encodeSegment);
  // Java takes what precedes a colon in the first segment for a scheme.
  return segments.map((segment, index) => index === 0 ? segment : segment.replaceAll("%3A", ":")).join("/");
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
  return realPath(path);
}

/** A path or URI of the log, decoded once; what is no valid encoding stands for itself. */
export function realPath(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Identifies a file in the log. As in Spark and delta-rs a `remove` takes an `add` when both spell the path alike; the
 * case of the two digits after "%" does not count.
 */
export function fileKey(path: string): string {
  if (!path.includes("%")) return path;
  return path.replace(/%[0-9A-Fa-f]{2}/g, (escape) => escape.toUpperCase());
}

// "=" is legal in a path and keeps `date=2025-02-17` readable.
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/%(?:24|26|2B|2C|3B|3D|40)/g, (escape) => decodeURIComponent(escape))
    .replaceAll("*", "%2A");
}
