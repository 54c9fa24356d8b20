/** What the categories of causes are called, from the table that `fetch --metadata` keeps. */
import type { DeltaTable, Row } from "../../delta/mod.ts";

const COLUMNS = ["level", "code", "name", "validTo"];

/** Names by code, those that are valid now before those that were; as the API gives them, which is in Finnish. */
export async function causeNames(causes: DeltaTable): Promise<Readonly<Record<string, string>>> {
  let rows: readonly Row[] = [];
  for (const add of causes.snapshot.files.values()) {
    rows = [...rows, ...await causes.readRows(add, { columns: COLUMNS })];
  }
  const categories = rows.filter(({ level }) => level === "category").sort((a, b) => rankOf(a) - rankOf(b));
  return Object.fromEntries(
    categories.flatMap(({ code, name }) =>
      typeof code === "string" && typeof name === "string" ? [[code, name] as const] : []
    ),
  );
}

/** The last one of a code stays. */
function rankOf({ validTo }: Row): number {
  return validTo === null || validTo === undefined ? 1 : 0;
}
