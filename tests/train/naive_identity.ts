/** How trains were identified before there was a scanner. */
import type { TrainIdentity } from "../../lib/train/train_identity.ts";

/** What the bytes mean; null when they are no JSON, or, where it is asked for, no UTF-8. */
export function parseJson(bytes: Uint8Array, fatal: boolean): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(new TextDecoder("utf-8", { fatal }).decode(bytes)) };
  } catch {
    return null;
  }
}

/** The identity by JSON.parse. */
export function identifyNaively(train: Uint8Array): TrainIdentity | null {
  const value = parseJson(train, false)?.value;
  if (typeof value !== "object" || value === null) return null;
  const { departureDate, trainNumber, version }: Partial<Record<string, unknown>> = { ...value };
  if (typeof departureDate !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(departureDate)) return null;
  if (typeof trainNumber !== "number" || !Number.isSafeInteger(trainNumber) || trainNumber < 0) return null;
  return { departureDate, trainNumber, version: Number.isSafeInteger(version) ? Number(version) : null };
}
