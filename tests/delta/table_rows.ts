/** All rows of a small table, exact, in the order of their first columns. */
import type { DeltaTable } from "../../lib/delta/mod.ts";
import { frameRows } from "./frame_rows.ts";

/** The rows of the snapshot that the table has. */
export async function tableRows(table: DeltaTable): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const files = [...table.snapshot.files.values()];
  const rows = await Promise.all(files.map(async (file) => frameRows(await table.readFile(file))));
  return rows.flat().toSorted((left, right) => compareRows(Object.values(left), Object.values(right)));
}

function compareRows(left: readonly unknown[], right: readonly unknown[]): number {
  for (const [index, value] of left.entries()) {
    const order = compareValues(value, right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

// Nulls come last.
function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0;
  if (left === null || right === null) return left === null ? 1 : -1;
  if (typeof left === "bigint" && typeof right === "bigint") return left < right ? -1 : 1;
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left) < String(right) ? -1 : 1;
}
