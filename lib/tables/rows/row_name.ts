/** A row of a train is the same one in all versions: the so-many-eth arrival, or departure, of the train at the station. */

/** "TPE ARRIVAL", at a second visit "TPE ARRIVAL (2)". */
export function rowName(station: string, departs: boolean, visit: number): string {
  const name = `${station} ${departs ? "DEPARTURE" : "ARRIVAL"}`;
  return visit === 1 ? name : `${name} (${visit})`;
}

/** With the track that a message has named: "TPE ARRIVAL: 3", as `tracks` of `train_runs` has it. */
export function trackText(row: string, track: string): string {
  return `${row}: ${track}`;
}
