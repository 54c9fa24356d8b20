/** What unknown fields and values are called, wherever they are counted, refused or said to be known by now. */

const NAME_LENGTH = 100;

/** An unknown field of an object at a JSON path, which has `[]` for any place in a list. */
export function nameOfField(path: string, field: string): string {
  return `${path}.${shorten(field)}`;
}

/** A value that an open list does not have; null of one that it has, and of "", which the API writes for none. */
export function nameOfValue(
  path: string,
  value: string | null | undefined,
  known: ReadonlySet<string>,
): string | null {
  if (value === undefined || value === null || value === "" || known.has(value)) return null;
  return `${path}=${shorten(value)}`;
}

/** Short, and without half characters, which no table can hold. */
function shorten(text: string): string {
  return text.slice(0, NAME_LENGTH).toWellFormed();
}
