/** What names a train, and how its fields must look for that. */

/** What names a train, and the version it has. */
export interface TrainIdentity {
  /** YYYY-MM-DD. */
  readonly departureDate: string;
  readonly trainNumber: number;
  /** Null when the train has none that can be compared. */
  readonly version: number | null;
}

/** Bytes as they were received, and the train that they name. */
export interface ReceivedTrain {
  readonly bytes: Uint8Array;
  /** Undefined when it was not looked for; else the bytes are JSON, and it is null when they name no train. */
  readonly identity: TrainIdentity | null | undefined;
}

/** The fields of a train that {@linkcode TrainIdentity} is made of. */
export const IDENTITY_FIELDS = ["departureDate", "trainNumber", "version"] as const;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The identity of an object with these fields, as JSON has them; null when they do not name a train. */
export function identityFrom(
  { departureDate, trainNumber, version }: Readonly<
    Partial<Record<(typeof IDENTITY_FIELDS)[number], unknown>>
  >,
): TrainIdentity | null {
  if (typeof departureDate !== "string" || !DATE.test(departureDate)) return null;
  if (typeof trainNumber !== "number" || !Number.isSafeInteger(trainNumber) || trainNumber < 0) return null;
  return { departureDate, trainNumber, version: Number.isSafeInteger(version) ? Number(version) : null };
}
