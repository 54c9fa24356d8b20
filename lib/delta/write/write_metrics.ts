import type { Add } from "../actions/actions.ts";

/** The metrics of a WRITE, with the names that Spark gives them. */
export function writeMetrics(adds: readonly Add[], rows: number): Readonly<Record<string, string>> {
  return {
    numFiles: String(adds.length),
    numOutputRows: String(rows),
    numOutputBytes: String(adds.reduce((sum, { size }) => sum + size, 0)),
  };
}
