/** The recording and Spark's tables, which lie beside the project and are not part of it. */

const SHARED = new URL("../../../shared/data/", import.meta.url).pathname;

/** One whole answer of the API, recorded: 639 trains, 26,776 timetable rows. */
export const RECORDING = {
  path: `${SHARED}live-trains-2025-02-17T0421Z.json.gz`,
  fetchedAt: "2025-02-17T04:21:00Z",
  trains: 639,
  rows: 26_776,
  /** The answer of /metadata/stations some years before. */
  stations: `${SHARED}stations.json`,
} as const;

/** Folder of the tables that Apache Spark wrote from that very recording. */
export const SPARK_TABLES = `${SHARED}delta-tables/spark`;

/** Why the recording cannot be used; undefined when it can. */
export async function whyNoSharedData(): Promise<string | undefined> {
  for (const path of [RECORDING.path, SPARK_TABLES]) {
    try {
      await Deno.stat(path);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return `there is no ${path}`;
      throw cause;
    }
  }
  return undefined;
}
