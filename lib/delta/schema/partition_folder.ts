/** Folder names of partitioned tables, as Hive and Spark write them: `departureDate=2025-02-17/`. */

/** The folder of null. */
const NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

// With these, control characters are escaped.
const ESCAPED = new Set([..."\"#%'*/:=?\\{[]^"]);

/** The folder for the values of the partition columns, with "/" at the end; "" for a table without any. */
export function partitionFolder(
  partitionColumns: readonly string[],
  values: Readonly<Record<string, string | null>>,
): string {
  return partitionColumns.map((column) => `${escapeName(column)}=${folderOf(values[column] ?? null)}/`).join(
    "",
  );
}

function folderOf(value: string | null): string {
  return value === null ? NULL_FOLDER : escapeName(value);
}

function escapeName(name: string): string {
  return [...name].map((char) => needsEscape(char) ? escapeChar(char) : char).join("");
}

function needsEscape(char: string): boolean {
  return char <= "\x1f" || char === "\x7f" || ESCAPED.has(char);
}

function escapeChar(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** The partition values that the folders of a path say, undoing what `partitionFolder` does; "" and null are null. */
export function folderValues(path: string): Readonly<Record<string, string | null>> {
  const folders = path.split("/").slice(0, -1).filter((part) => part.indexOf("=") > 0);
  return Object.fromEntries(folders.map((folder) => {
    const at = folder.indexOf("=");
    const value = folder.slice(at + 1);
    return [unescape(folder.slice(0, at)), value === NULL_FOLDER || value === "" ? null : unescape(value)];
  }));
}

// One byte of ASCII each; everything else stands as it is.
function unescape(text: string): string {
  return text.replace(/%([0-7][0-9A-Fa-f])/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
