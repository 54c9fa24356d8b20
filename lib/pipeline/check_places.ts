/** Refuses settings that put a file of ours where another part of us opens, replaces or deletes it. */
import { normalize } from "node:path";
import { brokerFiles } from "../broker/embedded/opened_files.ts";
import { UsageError } from "../errors.ts";
import { ALL_TABLE_PATHS } from "../tables/table_paths.ts";
import type { LakePlaces } from "./reset_lake.ts";

/**
 * Compares the places as they are written; links are not followed. The state is read and replaced while the broker is
 * open, which would give up the locks on its files; of a table's folder everything goes that its log does not name.
 *
 * @throws {UsageError} With one fault for each file that is at the wrong place.
 */
export function checkPlaces({ dataDir, stateFile, brokerFile }: LakePlaces): void {
  if (brokerFile === null) return;
  const faults: string[] = [];
  const ofBroker = brokerFiles(brokerFile).map((path) => normalize(path));
  const ofState = [stateFile, `${stateFile}.tmp`].map((path) => normalize(path));
  if (ofState.some((path) => ofBroker.includes(path))) {
    faults.push(`Cannot use STATE_FILE "${stateFile}": found the broker's own file, expected another one`);
  }
  const table = ALL_TABLE_PATHS.map((path) => normalize(`${dataDir}/${path}/`))
    .find((folder) => normalize(brokerFile).startsWith(folder));
  if (table !== undefined) {
    faults.push(
      `Cannot use BROKER_FILE "${brokerFile}": found a place in the folder of a table, where what is no part of the ` +
        `table is deleted, expected a place outside of "${table}"`,
    );
  }
  if (faults.length > 0) throw new UsageError(faults);
}
