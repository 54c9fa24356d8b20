/**
 * Describes a response that is no array of trains, for the message of the failure.
 *
 * @module
 */

/** Enough of a text to recognise it, on one line. */
const EXCERPT_LENGTH = 160;
/** Error objects are small; a megabyte of something else is not parsed to find out. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Describes in a few words a body that is no array of trains. The API's error objects, which may come with
 * status 200, are quoted by code and message.
 */
export function describeAnswer(body: Uint8Array): string {
  const text = new TextDecoder().decode(body.subarray(0, MAX_ERROR_BYTES)).trim();
  if (text === "") return "an empty body";
  return describeErrorObject(text) ?? JSON.stringify(excerpt(text));
}

function describeErrorObject(text: string): string | null {
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const fields: Partial<Record<string, unknown>> = { ...value };
  const code = fields.code ?? fields.status;
  const message = fields.errorMessage ?? fields.message ?? fields.error;
  if (code === undefined && message === undefined) return null;
  return `error ${oneLine(code ?? "without code")}: ${oneLine(message ?? "without message")}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function oneLine(value: unknown): string {
  return excerpt(typeof value === "string" ? value : JSON.stringify(value) ?? "");
}

/** Control characters would let a server write to the terminal. */
function excerpt(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > EXCERPT_LENGTH ? `${line.slice(0, EXCERPT_LENGTH)}...` : line;
}
