/** Times as SQLite stores and compares them: texts of one length, so that their order is that of time. */

const TIME = /^'(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?\s*(Z|[+-]\d\d:?\d\d)?'$/i;

/**
 * A text of SQL with its quotes; one that is a time as people write it ("2026-11-28 06:00", with a zone or in UTC) in the
 * form of stored times, `2026-11-28T06:00:00.000000Z`. Others stay as they are.
 */
export function timeLiteral(text: string): string {
  const match = TIME.exec(text);
  if (match === null) return text;
  const [, day = "", minutes = "", seconds = "00", fraction = "", zone = "Z"] = match;
  const whole = new Date(`${day}T${minutes}:${seconds}${/^z$/i.test(zone) ? "Z" : withColon(zone)}`);
  if (Number.isNaN(whole.getTime())) return text;
  return `'${whole.toISOString().slice(0, 19)}.${fraction.padEnd(6, "0")}Z'`;
}

function withColon(zone: string): string {
  return zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}
