/** What the server of the live page sends to it, as JSON: one type per kind of event. Page and server share this file. */

/** A train on the way. Times are milliseconds since 1970 UTC. */
export interface TrainEntry {
  /** Departure date and number. */
  readonly id: string;
  readonly name: string;
  /** Stations by their codes; the same where it stands. */
  readonly from: string;
  readonly to: string;
  readonly leftMs: number;
  readonly dueMs: number;
  readonly delaySeconds: number | null;
  readonly isOnTime: boolean;
}

/** Event "trains": all of them first, then those that have changed, and the ids of those that are gone. */
export interface TrainsMessage {
  readonly nowMs: number;
  readonly isWhole: boolean;
  readonly trains: readonly TrainEntry[];
  readonly gone: readonly string[];
}

/** Event "net": the map below the trains, for wide and for narrow screens. */
export interface NetMessage {
  readonly frames: readonly NetFrame[];
}

/** The map in one size. */
export interface NetFrame {
  readonly name: "wide" | "narrow";
  readonly width: number;
  readonly height: number;
  /** Content of an `<svg>`, made by the templates of the server. */
  readonly svg: string;
  /** Where stations stand in it, in its pixels, by their codes. */
  readonly places: Readonly<Record<string, readonly [x: number, y: number]>>;
}

/** Event "line": the stringline of the chosen line, as HTML made by the templates of the server. */
export interface LineMessage {
  readonly html: string;
}

/** Event "figures": all texts and numbers of the page, as HTML by the id of the element that shows them. */
export interface FiguresMessage {
  readonly nowMs: number;
  readonly parts: Readonly<Record<string, string>>;
}

/** The kinds of events. */
export interface LiveMessages {
  readonly trains: TrainsMessage;
  readonly net: NetMessage;
  readonly line: LineMessage;
  readonly figures: FiguresMessage;
}
