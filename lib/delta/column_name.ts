/**
 * Throws unless the names can stand side by side in one table; `where` names it.
 *
 * @throws {TypeError} naming the first that cannot
 */
export function assertColumnNames(names: readonly string[], where: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    // Parquet readers of the Hadoop family split their messages at these.
    if (/^$|[ ,;{}()\n\t=]/.test(name)) throw wrongName(name, where, "a name without blanks and ,;{}()=");
    const lower = name.toLowerCase();
    if (seen.has(lower)) throw wrongName(name, where, "names that differ in more than upper and lower case");
    seen.add(lower);
  }
}

function wrongName(name: string, where: string, wanted: string): TypeError {
  return new TypeError(`Cannot write "${where}": found the column name "${name}", expected ${wanted}`);
}
