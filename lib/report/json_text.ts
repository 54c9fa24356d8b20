/** JSON in one line, whoever reads it. */

/**
 * The value as JSON in ASCII controls and harmless characters alone: what terminals obey, what turns the direction of
 * reading and what some readers take for the end of a line is escaped, which no parser sees.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
