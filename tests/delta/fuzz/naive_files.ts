/** Which files are live, worked out in the plainest way; for logs that are nothing but commits. */

/** The live paths as their adds spell them, sorted; undefined when the log holds more than commits. */
export function naiveFiles(files: ReadonlyMap<string, Uint8Array>): readonly string[] | undefined {
  // A name with more digits than a version has is no commit.
  const log = [...files.keys()].filter((path) => path.startsWith("_delta_log/"))
    .filter((path) => !path.endsWith("/99999999999999999999.json")).toSorted();
  if (log.some((path) => !/\/\d{20}\.json$/.test(path))) return undefined;
  const live = new Map<string, string>();
  for (const path of log) {
    const lines = new TextDecoder().decode(files.get(path)).split("\n").filter((line) => line.trim() !== "");
    const actions = lines.map((line) => JSON.parse(line));
    for (const { remove } of actions) if (remove) live.delete(uri(remove.path));
    for (const { add } of actions) if (add) live.set(uri(add.path), add.path);
  }
  return [...live.values()].toSorted();
}

/** A path is a URI by the protocol: "%2e" and "%2E" are the same octet (RFC 3986, 6.2.2.1). */
function uri(path: string): string {
  const [start = "", ...escapes] = path.split("%");
  return [start, ...escapes.map((rest) => rest.slice(0, 2).toUpperCase() + rest.slice(2))].join("%");
}
