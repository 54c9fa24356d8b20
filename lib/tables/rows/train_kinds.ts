/** The kinds of trains whose punctuality is published, and from when on a train of a kind is late. */

/** A kind of train; "commuterAIKP" are the lines A, I, K and P around Helsinki, "commuter" all others. */
export type TrainKind = "longDistance" | "commuter" | "commuterAIKP" | "freight";

/** When a train is on time; seconds. */
export interface Punctuality {
  readonly name: string;
  /** The words of the definition. */
  readonly rule: string;
  /** From where on it is late, to draw a line there. */
  readonly limitSeconds: number;
  /** Whether it is, by its delays at the first and at the final station. */
  readonly isOnTime: (final: number, departure: number) => boolean;
  /** Whether the first station matters. */
  readonly asksDeparture: boolean;
  /** The share of trains on time that is aimed at, where one is published. */
  readonly targetShare?: number;
}

const COMMUTER = {
  rule: "less than 3 min late at its first and its final station",
  limitSeconds: 180,
  isOnTime: (final: number, departure: number) => final < 180 && departure < 180,
  asksDeparture: true,
};

/** By kind, in the order of the report; trains of other categories carry neither passengers nor freight. */
export const TRAIN_KINDS: Readonly<Record<TrainKind, Punctuality>> = {
  longDistance: {
    name: "long-distance",
    rule: "at most 5 min late at its final station",
    limitSeconds: 300,
    isOnTime: (final) => final <= 300,
    asksDeparture: false,
    targetShare: 0.9,
  },
  commuterAIKP: { name: "commuter A, I, K, P", ...COMMUTER },
  commuter: { name: "other commuter", ...COMMUTER },
  freight: {
    name: "freight",
    rule: "at most 30 min late at its final station",
    limitSeconds: 1800,
    isOnTime: (final) => final <= 1800,
    asksDeparture: false,
  },
};

const DENSE_LINES: ReadonlySet<string> = new Set(["A", "I", "K", "P"]);

/** The kind of a train; null where no punctuality is published. */
export function kindOf(category: string | undefined, line: string | undefined): TrainKind | null {
  if (category === "Long-distance") return "longDistance";
  if (category === "Cargo") return "freight";
  if (category !== "Commuter") return null;
  return DENSE_LINES.has(line ?? "") ? "commuterAIKP" : "commuter";
}

/**
 * From so many whole seconds on a train is late where it stops, as it would be at its final station; trains of which no
 * punctuality is published as long-distance ones.
 */
export function lateFromSeconds(category: string | undefined): number {
  const { limitSeconds, isOnTime } = TRAIN_KINDS[kindOf(category, undefined) ?? "longDistance"];
  return isOnTime(limitSeconds, limitSeconds) ? limitSeconds + 1 : limitSeconds;
}
