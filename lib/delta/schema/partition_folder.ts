/** Folder names of partitioned tables, as all engines write them: `departureDate=2025-02-17/`. */

/** The folder of null. */
const NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

// Of ASCII all others are escaped, as delta-rs does it: the log then has to encode nothing but "%" and what is beyond
// ASCII, which every engine spells alike.
const ESCAPED = /[^A-Za-z0-9._~\u0080-\u{10ffff}-]/gu;

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
  return name.replace(
    ESCAPED,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** The partition values that the folders of a path say, undoing what `partitionFolder` and other engines do; "" and null are null. */
export function folderValues(path: string): Readonly<Record<string, string | null>> {
  const folders = path.split("/").slice(0, -1).filter((part) => part.indexOf("=") > 0);
  return Object.fromEntries(folders.map((folder) => {
    const at = folder.indexOf("=");
    const value = folder.slice(at + 1);
    return [unescape(folder.slice(0, at)), value === NULL_FOLDER || value === "" ? null : unescape(value)];
  }));
}

// Spark escapes bytes of ASCII only, others those of UTF-8; an escape that is neither stands as it is.
function unescape(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    const bytes = Uint8Array.fromHex(escapes.replaceAll("%", ""));
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return escapes.replace(
        /%([0-7][0-9A-Fa-f])/g,
        (_, code: string) => String.fromCharCode(parseInt(code, 16)),
      );
    }
  });
}
