/** How flags write a length of time. */
import { z } from "../../packages/zod.ts";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A whole number with its unit, "250ms", "15s", "5m" or "2h", within these bounds; comes out in milliseconds. */
export function durationSchema(leastMs: number, mostMs: number): z.ZodType<number> {
  return z.string().regex(/^\d{1,9}(?:ms|s|m|h)$/).transform((text) => {
    const [, number, unit = ""] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
    return Number(number) * (UNIT_MS[unit] ?? NaN);
  }).pipe(z.number().min(leastMs).max(mostMs));
}
