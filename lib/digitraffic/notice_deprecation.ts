/** Says when the API announces its end: an address is deprecated, or has a day on which it goes. */
import { getLogger } from "../packages/logtape.ts";
import { printable } from "../printable.ts";
import type { AnswerHeaders } from "./digitraffic_api.ts";

const logger = getLogger(["ratalake", "digitraffic"]);
const NAMES = ["Deprecation", "Sunset"] as const;
/** A server that says something new each time is not listened to for ever. */
const MOST_VALUES = 50;
const MOST_CHARACTERS = 200;

/** A listener that logs each value of the headers `Deprecation` and `Sunset` once per endpoint. */
export function noticeDeprecation(): (answer: AnswerHeaders) => void {
  const said = new Set<string>();
  return ({ url, headers }) => {
    for (const name of NAMES) {
      const value = headers.get(name);
      if (value === null) continue;
      const endpoint = endpointOf(url);
      const text = printable(value).slice(0, MOST_CHARACTERS);
      const key = `${endpoint} ${name} ${text}`;
      if (said.has(key) || said.size >= MOST_VALUES) continue;
      said.add(key);
      logger.warn(
        "{endpoint} will go: the API answers with {name}: {value}. Look for a newer Ratalake, or at " +
          "https://www.digitraffic.fi/en/support/ for what replaces it",
        { endpoint, name, value: text },
      );
    }
  };
}

/** Addresses of single dates are one endpoint. */
function endpointOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\d{4}-\d{2}-\d{2}/, "{date}");
}
