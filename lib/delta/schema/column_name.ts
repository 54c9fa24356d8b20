/** Which names of columns can stand side by side in one table. */
import type { DataType } from "./schema.ts";

/**
 * Throws unless the names of all columns, and of the fields inside them, can stand side by side; `where` names the table.
 *
 * @throws {TypeError} naming the first that cannot
 */
export function assertColumnNames(type: DataType, where: string): void {
  if (typeof type === "string") return;
  if (type.type === "array") return assertColumnNames(type.elementType, where);
  if (type.type === "map") {
    assertColumnNames(type.keyType, where);
    return assertColumnNames(type.valueType, where);
  }
  const seen = new Set<string>();
  for (const { name } of type.fields) {
    // Parquet readers of the Hadoop family split their messages at these.
    if (/^$|[ ,;{}()\n\t=]/.test(name)) throw wrongName(name, where, "a name without blanks and ,;{}()=");
    const lower = name.toLowerCase();
    if (seen.has(lower)) throw wrongName(name, where, "names that differ in more than upper and lower case");
    seen.add(lower);
  }
  for (const field of type.fields) assertColumnNames(field.type, `${where}.${field.name}`);
}

function wrongName(name: string, where: string, expected: string): TypeError {
  return new TypeError(`Cannot use the column name "${name}" in "${where}": expected ${expected}`);
}
