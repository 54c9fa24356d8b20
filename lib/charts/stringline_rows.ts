/** The rows that a stringline is made of. */

/** What is drawn; times are milliseconds since 1970 UTC. */
export interface Stringline {
  readonly from: string;
  readonly to: string;
  /** The departure date, YYYY-MM-DD. */
  readonly date: string;
  /** In the order of the line. */
  readonly stations: readonly LineStation[];
  readonly trains: readonly LineTrain[];
  /** The hours that are shown. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A station of the line. */
export interface LineStation {
  readonly name: string;
  /** The running time that is planned from the first station to it. */
  readonly seconds: number;
  /** How many trains halt there: names of others are left out first. */
  readonly halts: number;
}

/** A train on the line, in parts where it leaves it and comes back. */
export interface LineTrain {
  readonly name: string;
  readonly parts: readonly (readonly LinePoint[])[];
}

/** An arrival or a departure. */
export interface LinePoint {
  /** Its place among the stations. */
  readonly station: number;
  readonly plannedMs: number;
  readonly actualMs: number | null;
  readonly isCancelled: boolean;
}

/** From so much delay on a train is drawn and named as one that is behind. */
export const BEHIND_SECONDS = 180;
