/**
 * Writes a train that came over MQTT as the REST API writes it, before it is published.
 *
 * Both are the same train under the same version, but MQTT leaves out milliseconds and says "Unknown" where REST says
 * null. The tables must not show by which way a train came, and the same version must not count as a conflict (same
 * version, other bytes) when both ways bring it: after a lost publish state, with `--full`, from two followers. To
 * compare what the bytes mean instead would give every message of years another hash than the tables have, would cost
 * each message a second reading, and would still leave "Unknown" beside null in the tables. So the one writer who
 * deviates is brought to the form that the topic promises in the header `schema`; all else stays byte for byte.
 */

const TIMES = ["timetableAcceptanceDate", "scheduledTime", "liveEstimateTime", "actualTime", "timestamp"];
// In JSON a key begins right after "{" or ",", where no text can begin that is not a key: no text is ever changed.
const TIME = new RegExp(`([{,]\\s*"(?:${TIMES.join("|")})"\\s*:\\s*")([^"\\\\]{17,40})(?=")`, "g");
const UNKNOWN = /([{,]\s*"(?:trainType|trainCategory)"\s*:\s*)"Unknown"/g;
const ZONED = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})$/;
/** The spelling of REST. */
const REST_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The payload in the form of REST; what is no text stays as it is. Never shares the memory of the payload. */
export function toRestForm(payload: Uint8Array): Uint8Array {
  let text: string;
  try {
    text = decoder.decode(payload);
  } catch {
    return payload.slice();
  }
  const timed = text.replaceAll(TIME, (_, before: string, time: string) => before + restTime(time));
  const spelled = timed.replaceAll(UNKNOWN, "$1null");
  return encoder.encode(spelled);
}

/** The same moment with three decimals and Z; a time that has finer ones, or is none, stays. */
function restTime(text: string): string {
  if (REST_TIME.test(text)) return text;
  const [, minute, second = "00", fraction = "", zone] = ZONED.exec(text) ?? [];
  if (minute === undefined || zone === undefined || /[1-9]/.test(fraction.slice(3))) return text;
  const moment = `${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}${zone}`;
  try {
    // Strict, where Date takes the 30th of February for one of March.
    return Temporal.Instant.from(moment).toString({ smallestUnit: "millisecond" });
  } catch {
    return text;
  }
}
