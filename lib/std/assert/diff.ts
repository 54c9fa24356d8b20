/**
 * The difference of two texts, line by line.
 *
 * @module
 */

// Above this many cells the table of the longest common run of lines costs more than a reader gains.
const MAX_CELLS = 4_000_000;

/** The lines of both texts in one list: `-` only in actual, `+` only in expected, two blanks in both. */
export function diffLines(
  actual: readonly string[],
  expected: readonly string[],
): string[] {
  const start = commonPrefix(actual, expected);
  const end = commonPrefix(
    actual.slice(start).reverse(),
    expected.slice(start).reverse(),
  );
  const middle = diffMiddle(
    actual.slice(start, actual.length - end),
    expected.slice(start, expected.length - end),
  );
  return [
    ...actual.slice(0, start).map(same),
    ...middle,
    ...actual.slice(actual.length - end).map(same),
  ];
}

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) {
    length++;
  }
  return length;
}

function diffMiddle(
  actual: readonly string[],
  expected: readonly string[],
): string[] {
  if (actual.length * expected.length > MAX_CELLS) {
    return [...actual.map(removed), ...expected.map(added)];
  }
  const table = commonLengths(actual, expected);
  const lines: string[] = [];
  let a = 0;
  let e = 0;
  while (a < actual.length || e < expected.length) {
    if (a < actual.length && e < expected.length && actual[a] === expected[e]) {
      lines.push(same(actual[a++] ?? ""));
      e++;
    } else if (
      e >= expected.length ||
      (a < actual.length && cell(table, a + 1, e) >= cell(table, a, e + 1))
    ) {
      lines.push(removed(actual[a++] ?? ""));
    } else lines.push(added(expected[e++] ?? ""));
  }
  return lines;
}

/** `table[a][e]`: length of the longest common subsequence of `actual` from a and `expected` from e. */
function commonLengths(
  actual: readonly string[],
  expected: readonly string[],
): Uint32Array[] {
  const table = Array.from(
    { length: actual.length + 1 },
    () => new Uint32Array(expected.length + 1),
  );
  for (let a = actual.length - 1; a >= 0; a--) {
    const row = table[a] ?? new Uint32Array();
    for (let e = expected.length - 1; e >= 0; e--) {
      row[e] = actual[a] === expected[e]
        ? cell(table, a + 1, e + 1) + 1
        : Math.max(cell(table, a + 1, e), cell(table, a, e + 1));
    }
  }
  return table;
}

function cell(table: readonly Uint32Array[], a: number, e: number): number {
  return table[a]?.[e] ?? 0;
}

function same(line: string): string {
  return `    ${line}`;
}

function removed(line: string): string {
  return `-   ${line}`;
}

function added(line: string): string {
  return `+   ${line}`;
}
