/** What a commit did, from its actions, where its writer does not say. */
import type { Actions } from "../actions/actions.ts";

/**
 * The operation of a commit, in Spark's words: as its writer says, else what its actions tell. Some cannot be told
 * apart: rows that took the place of others may be an update, a merge or an overwrite, and are called WRITE.
 */
export function commitOperation(actions: Actions): string {
  // Other writers may have put anything there.
  const operation: unknown = actions.commitInfo?.operation;
  const said = typeof operation === "string" ? operation.trim() : "";
  // Writers that are built on Delta's kernel say this of everything.
  return said === "" || said.toUpperCase() === "UNKNOWN" ? derivedOperation(actions) : said;
}

function derivedOperation({ adds, removes, cdcs = [], metadata, protocol, txns }: Actions): string {
  if (protocol !== undefined && metadata !== undefined && removes.length === 0) {
    return adds.length === 0 ? "CREATE TABLE" : "CREATE TABLE AS SELECT";
  }
  if (adds.length + removes.length + cdcs.length > 0) return fileOperation({ adds, removes });
  if (metadata !== undefined) return "ALTER TABLE";
  if (protocol !== undefined) return "UPGRADE PROTOCOL";
  return txns.length > 0 ? "SET TRANSACTION" : "EMPTY COMMIT";
}

function fileOperation({ adds, removes }: Pick<Actions, "adds" | "removes">): string {
  const isRearranged = [...adds, ...removes].every(({ dataChange }) => !dataChange);
  if (isRearranged && adds.length > 0) return "OPTIMIZE";
  if (adds.length === 0) return "DELETE";
  // The same files with other deletion vectors have fewer rows.
  const added = new Set(adds.map(({ path }) => path));
  const isMasked = removes.length > 0 && adds.every(({ deletionVector }) => deletionVector !== undefined) &&
    removes.every(({ path }) => added.has(path));
  return isMasked ? "DELETE" : "WRITE";
}
