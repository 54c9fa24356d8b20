/** Commits as lines of JSON and back, with all 64 bits of transaction versions. */
import type { Actions, SetTransaction } from "./actions.ts";
import { type ActionsDraft, expectObject, type JsonObject, readAction } from "./action_reader.ts";
import { CorruptLogError, type LogPosition } from "../errors.ts";
import { commitPath } from "./log_path.ts";

/** The third argument of a `JSON.parse` reviver. */
interface SourceText {
  readonly source: string;
}

/**
 * Reads the lines of one commit. 64-bit transaction versions are exact.
 *
 * @throws {CorruptLogError} with the file, the version and the line
 */
export function parseCommit(bytes: Uint8Array, version: number): Actions {
  const actions: ActionsDraft = { txns: [], removes: [], adds: [] };
  readActionLines(bytes, { path: commitPath(version), version }, actions);
  return actions;
}

/**
 * Reads a file of the log with one action per line into the draft.
 *
 * @throws {CorruptLogError} with the file, the version and the line
 */
export function readActionLines(bytes: Uint8Array, position: LogPosition, draft: ActionsDraft): void {
  const lines = decodeText(bytes, position).split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const known = draft.faults?.length ?? 0;
    try {
      readLine(line, draft);
    } catch (cause) {
      throw corruptLine({ ...position, line: index + 1 }, cause);
    }
    const fault = draft.faults?.[known];
    if (fault === undefined) continue;
    draft.faults?.splice(known, 1, {
      ...fault,
      error: corruptLine({ ...position, line: index + 1 }, fault.error),
    });
  }
}

/** Writes the lines of one commit, `commitInfo` first. */
export function serializeCommit(actions: Actions): Uint8Array<ArrayBuffer> {
  const lines: string[] = [];
  if (actions.commitInfo !== undefined) lines.push(JSON.stringify({ commitInfo: actions.commitInfo }));
  if (actions.protocol !== undefined) lines.push(JSON.stringify({ protocol: actions.protocol }));
  if (actions.metadata !== undefined) lines.push(JSON.stringify({ metaData: actions.metadata }));
  for (const txn of actions.txns) lines.push(serializeTransaction(txn));
  for (const remove of actions.removes) lines.push(JSON.stringify({ remove }));
  for (const add of actions.adds) lines.push(JSON.stringify({ add }));
  return new TextEncoder().encode(lines.join("\n") + "\n");
}

// JSON.stringify has no way to write a bigint as a number.
function serializeTransaction({ appId, version, lastUpdated }: SetTransaction): string {
  const tail = lastUpdated === undefined ? "" : `,"lastUpdated":${lastUpdated}`;
  return `{"txn":{"appId":${JSON.stringify(appId)},"version":${version}${tail}}}`;
}

function decodeText(bytes: Uint8Array, position: LogPosition): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const reason = cause instanceof TypeError
      ? "its bytes are no UTF-8"
      : `its ${bytes.length} bytes are too many`;
    throw new CorruptLogError(
      `Cannot read "${position.path}": ${reason}, expected JSON lines`,
      position,
      { cause },
    );
  }
}

function corruptLine(position: LogPosition, cause: unknown): CorruptLogError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot read "${position.path}" line ${position.line}: ${reason}`;
  return new CorruptLogError(message, position, { cause });
}

function readLine(line: string, draft: ActionsDraft): void {
  const action = expectObject(JSON.parse(line), "the line");
  const txn = action.txn as { readonly version?: unknown } | null | undefined;
  // JSON.parse rounds integers above 2^53.
  const isRounded = typeof txn?.version === "number" && !Number.isSafeInteger(txn.version);
  readAction(isRounded ? parseWithDigits(line) : action, draft);
}

// A reviver sees the digits as they stand in the text.
function parseWithDigits(line: string): JsonObject {
  const reviver = (key: string, value: unknown, context?: SourceText): unknown =>
    key === "version" && typeof value === "number" ? context?.source : value;
  return JSON.parse(line, reviver as (key: string, value: unknown) => unknown);
}
