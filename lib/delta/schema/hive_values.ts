/** The folder of null. */
const NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

/** The partition values that the folders of a path say, undoing what `hivePath` does; "" and null are null. */
export function hiveValues(path: string): Readonly<Record<string, string | null>> {
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
