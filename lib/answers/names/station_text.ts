/** How stations are called on a page. */
import { printable } from "../../printable.ts";

/** Where no names are known. */
export const NAMES_HINT = "`deno task fetch --metadata` brings the names of the stations";

/** Its name where it is known, without the word that nearly all of them end in; else its code; "" of none. */
export function stationText(code: string | null, names: ReadonlyMap<string, string> | null): string {
  if (code === null) return "";
  return printable(shortStationName(names?.get(code) ?? code));
}

/** "Tampere asema" is called Tampere. */
export function shortStationName(name: string): string {
  return name.replace(/(?<=\S)\s+asema$/i, "");
}
