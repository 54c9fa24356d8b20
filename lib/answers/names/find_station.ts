/** Finds the station that somebody means. Pure. */
import { closestName } from "../../text/closest_name.ts";
import { printable } from "../../printable.ts";
import { shortStationName } from "./station_text.ts";

/** The station, or what was perhaps meant. */
export type FoundStation =
  | { readonly code: string }
  | { readonly code: null; readonly closest: string | undefined };

/**
 * By its code as it is written, by its name with or without "asema", by its code in small letters; case and diacritics do
 * not matter. `names` are names by code; of stations without a name the code stands there too.
 */
export function findStation(text: string, names: ReadonlyMap<string, string>): FoundStation {
  const asked = text.trim().replace(/\s+/g, " ");
  if (names.has(asked)) return { code: asked };
  const plain = plainText(asked), entries = [...names];
  // The whole name first: "Tampere" and "Tampere tavara" are two.
  for (const form of [plainText, (name: string) => plainText(shortStationName(name))]) {
    const found = entries.find(([, name]) =>
      form(name) === plain || form(name) === plainText(shortStationName(asked))
    );
    if (found !== undefined) return { code: found[0] };
  }
  const byCode = entries.find(([code]) => plainText(code) === plain);
  return byCode === undefined ? { code: null, closest: closestOf(asked, entries) } : { code: byCode[0] };
}

/** Without case and diacritics. */
function plainText(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function closestOf(
  asked: string,
  entries: readonly (readonly [code: string, name: string])[],
): string | undefined {
  const shown = new Map<string, string>();
  for (const [code, name] of entries) {
    const short = shortStationName(name);
    // A name before a code, and the first of several.
    for (const form of [plainText(code), plainText(name), plainText(short)]) {
      shown.set(form, printable(name === code ? code : `${short} (${code})`));
    }
  }
  const closest = closestName(plainText(shortStationName(asked)), [...shown.keys()]);
  return closest === undefined ? undefined : shown.get(closest);
}
